"""Mail hosts where anybody can have an address, so that a shared one tells nothing."""

from __future__ import annotations

_ANY_ENDING = frozenset({"gmx", "hotmail", "live", "outlook", "yahoo", "yandex"})
"""Hosts that have a name in many countries: yahoo.com, yahoo.co.jp."""

_HOSTS = frozenset(
    (  # noqa: SIM905  # one word a line would take a page
        "qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com vip.126.com 188.com yeah.net "
        "sina.com sina.cn sina.com.cn vip.sina.com vip.sina.cn sohu.com vip.sohu.com 139.com "
        "189.cn wo.cn wo.com.cn 21cn.com 263.net tom.com aliyun.com 2980.com eyou.com 51.com "
        "chinaren.com netease.com msn.com msn.cn gmail.com googlemail.com icloud.com me.com "
        "mac.com aol.com proton.me protonmail.com pm.me zoho.com fastmail.com fastmail.fm "
        "hey.com tutanota.com tuta.io mail.com inbox.com rediffmail.com mail.ru bk.ru list.ru "
        "inbox.ru rambler.ru naver.com hanmail.net daum.net docomo.ne.jp ezweb.ne.jp "
        "softbank.ne.jp nifty.com web.de freenet.de t-online.de arcor.de orange.fr free.fr "
        "laposte.net wanadoo.fr sfr.fr libero.it virgilio.it tiscali.it alice.it seznam.cz "
        "centrum.cz wp.pl o2.pl onet.pl interia.pl bigpond.com btinternet.com comcast.net "
        "verizon.net att.net cox.net sbcglobal.net shaw.ca rogers.com uol.com.br bol.com.br "
        "terra.com.br hinet.net seed.net.tw pchome.com.tw netvigator.com singnet.com.sg"
    ).split()
)


def is_public_mail(host: str) -> bool:
    """Tell whether a mail host, such as `qq.com`, gives addresses to anybody."""
    host = host.casefold().rstrip(".")
    return host in _HOSTS or host.partition(".")[0] in _ANY_ENDING
