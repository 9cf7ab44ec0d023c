"""The language server: what an editor shows and offers while a record is written.

Everything it says comes from the parser, the rules and the settings that the commands use; this
package only turns places and words into what the protocol has for them.
"""
