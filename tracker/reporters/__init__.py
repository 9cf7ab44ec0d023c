"""Diagnostics as people and programs want them: one module a format, each with `render`.

A reporter returns text and writes nothing itself.
"""
