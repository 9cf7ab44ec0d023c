"""Sites for readers who may not see everything: what is left, and that the proof finds the rest."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.git_repository import Repository
from tracker.config import Profile
from tracker.config_file import load_config
from tracker.library.query.parser import Query, parse
from tracker.library.withheld import Reason
from tracker.site import audience as audiences
from tracker.site.audience import Audience, LeakError, SettingsError
from tracker.site.build import build_site

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.insight.day import Day
    from tracker.site.audience import ReducedDay
    from tracker.site.leak_proof import Proof

pytestmark = pytest.mark.usefixtures("few_numbers")

TODAY = date(2026, 11, 24)

SETTINGS = """\
language: zh
title: 测试
owners: [李雷, 韩梅梅]
edit_url: https://example.com/{path}
fields:
  budget: {label: 年度预算, type: money}
followup_fields:
  travel_cost: {label: 差旅费, type: money}
views:
  gu: "name:古峰"
  big: value>100000
profiles:
  partners: {hide: [phone, wechat, amounts, attachments], mask: [contacts.name, email]}
  readers: {hide: [contacts, text, needs], mask: [客户名称]}
  open: {only: "is:open"}
"""

HENGDA = """\
---
name: 澜拓精密机械有限公司
aliases: [lantuo-jiuhao]
stage: 商务谈判
level: A
owner: 李雷
created: 2026-09-02
value: 483700 CNY
budget: 1234500 CNY
contacts:
  - name: 王芳菲
    title: 采购经理
    phone: 138-0000-1111
    wechat: "13800001111"
    email: zhuren@lantuo.example
    preferences: 打 13800001111 之前先发微信
needs:
  core: [缩短主轴箱的交付周期]
offers:
  - date: 2026-10-18
    quote: Q-2026-031
    amount: 451300-502900 CNY
    file: attachments/lantuo/baojia-0731.txt
---

背景：王芳菲的手机 138 0000 1111，微信同号，预算四十八万左右，报价 48.37万 元。
见[报价单](../attachments/lantuo/baojia-0731.txt)，另见[古峰](gufeng.md)。
[拨号](tel:138%2D0000%2D1111)。
图纸：[总装](<../attachments/lantuo/tuzhi 0802 (A).txt>)，[旧的][alt]。

[alt]: <../attachments/lantuo/tuzhi 0802 (A).txt>

## 2026-11-20 14:30 电话 李雷

Wang Fangfei 来电，+8613800001111，说 483,700 元太高。

- 联系人: 王芳菲
- 差旅费: 12800 CNY
- [ ] 给王芳菲发正式报价 @2026-11-22
- 下次: 2026-11-27 10:00 面谈 与王芳菲确认;目标: 签 483700 的合同
"""

GUFENG = """\
---
name: 苏州古峰自动化科技有限公司
short: 古峰
stage: 成交
owner: 韩梅梅
created: 2026-03-04
value: 265400 CNY
contacts:
  - name: 赵明远
    phone: "13911112222"
deal:
  contract: HT-2026-118
  amount: 265400 CNY
---

## 2026-11-19 面谈 韩梅梅

澜拓精密机械的王芳菲介绍来的，电话 13800001111。
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    repository = Repository(tmp_path_factory.mktemp("audience") / "workspace")
    repository.write("tracker.yaml", SETTINGS)
    repository.write("attachments/lantuo/baojia-0731.txt", "450000")
    repository.write("attachments/lantuo/tuzhi 0802 (A).txt", "-")
    repository.write("records/lantuo.md", HENGDA.replace("value: 483700", "value: 397500"))
    repository.write("records/gufeng.md", GUFENG)
    repository.write("records/gone.md", GUFENG.replace("古峰", "旧峰"))
    repository.git("add", "-A")
    repository.git("commit", "-qm", "one", day="2026-11-01")
    repository.write("records/lantuo.md", HENGDA)
    repository.git("rm", "-q", "records/gone.md")
    repository.git("commit", "-qam", "two", day="2026-11-20")
    return repository.folder


class Built:
    """A site that was built for somebody."""

    def __init__(
        self, root: Path, output: Path, profile: str = "", only: str = "", **further: object
    ) -> None:
        config, problems = load_config(root)
        assert not problems
        chosen = config.profiles[profile] if profile else Profile("")
        queries = (parse(text, config) for text in (chosen.only, only) if text)
        self.proofs: list[Proof] = []
        who = Audience(
            chosen,
            tuple(query for query in queries if isinstance(query, Query)),
            self.proofs.append,
        )
        self.output = output
        self.result = build_site(root, output, TODAY, audience=who, **further)  # type: ignore[arg-type]  # options of the build

    @property
    def text(self) -> str:
        """All files and their names."""
        return "\n".join(
            f"{file.relative_to(self.output)}\n{file.read_bytes().decode('utf-8', 'replace')}"
            for file in sorted(self.output.rglob("*"))
            if file.is_file()
        )

    def page(self, path: str) -> str:
        return (self.output / path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def partners(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(workspace, tmp_path_factory.mktemp("partners") / "site", "partners")


@pytest.fixture(scope="module")
def readers(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(workspace, tmp_path_factory.mktemp("readers") / "site", "readers")


@pytest.fixture(scope="module")
def open_ones(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(workspace, tmp_path_factory.mktemp("open") / "site", "open")


@pytest.mark.parametrize(
    "value",
    [
        *("13800001111", "138-0000-1111", "138 0000 1111", "13911112222", "王芳菲", "赵明远"),
        *("Fangfei", "zhuren@", "483700", "483,700", "48.37", "397500", "397,500", "265,400"),
        *("451300", "451,300", "1234500", "123.45", "12800", "12,800", "baojia-0731", "0802"),
    ],
)
def test_hidden_values_are_nowhere(partners: Built, value: str) -> None:
    assert value not in partners.text


def test_what_is_not_withheld_stays(partners: Built) -> None:
    page = partners.page("customers/lantuo.html")
    for text in ("澜拓精密机械有限公司", "采购经理", "李雷", "缩短主轴箱的交付周期", "Q-2026-031"):
        assert text in page


def test_quotes_in_texts_are_blacked_out(partners: Built) -> None:
    page = partners.page("customers/lantuo.html")
    assert "██的手机 ██，微信同号" in page
    assert "报价 ██ 元" in page
    assert "打 ██ 之前先发微信" in page
    # Another record quotes them too.
    assert "澜拓精密机械的██介绍来的，电话 ██。" in partners.page("customers/gufeng.html")


def test_masks_keep_a_shape(partners: Built) -> None:
    page = partners.page("customers/lantuo.html")
    assert "王**" in page
    assert "z***@lantuo.example" in page


def test_links_to_files_that_are_hidden_become_words(partners: Built) -> None:
    page = partners.page("customers/lantuo.html")
    assert "见报价单，另见" in page
    assert re.search(r'href="[^"]*gufeng.html"[^>]*>古峰<', page)
    assert not (partners.output / "attachments").exists()


def test_link_whose_address_is_withheld_becomes_its_words(partners: Built) -> None:
    assert ">拨号。" in re.sub(r"\s", "", partners.page("customers/lantuo.html"))


def test_nothing_is_told_of_the_past(partners: Built) -> None:
    assert "旧峰" not in partners.text
    assert "Li Lei" not in partners.text
    assert "不提供历史信息" in partners.page("changes.html")


def test_nothing_is_told_of_problems_and_files(partners: Built) -> None:
    assert "本站不显示档案中的问题" in partners.page("problems.html")
    assert "example.com/records" not in partners.text
    assert "本站并非全部内容" in partners.page("index.html")


def test_nobody_is_called_by_a_masked_number(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    (root / "records").mkdir(parents=True)
    (root / "tracker.yaml").write_text("profiles:\n  masked: {mask: [phone]}\n", "utf-8")
    contacts = "contacts:\n- name: Ann\n  phone: 0512-66881234\n"
    record = f"---\nname: Acme\nstage: proposal\nowner: Li\n{contacts}---\n"
    (root / "records/a.md").write_text(record, "utf-8")
    page = Built(root, tmp_path / "site", "masked").page("customers/a.html")
    assert "**" in page
    assert "tel:" not in page
    assert page.count("<bdi>Ann</bdi>") == 1


def test_names_that_are_masked_take_addresses_with_them(readers: Built) -> None:
    names = {file.name for file in (readers.output / "customers").glob("*.html")}
    assert {"customer-1.html", "customer-2.html"} <= names
    for value in (
        "澜拓",
        "lantuo",
        "古峰",
        "gufeng",
        "王芳菲",
        "138",
        "主轴箱",
        "来电",
        "介绍来的",
    ):
        assert value not in readers.text.replace("lantuo.example", "")
    assert ">澜**<" in readers.page("customers/index.html")


def test_view_that_names_what_is_withheld_is_left_out(readers: Built, partners: Built) -> None:
    assert not (readers.output / "views/gu.html").exists()
    assert (partners.output / "views/gu.html").exists()
    assert (readers.output / "views/big.html").exists()


def test_customers_that_are_left_out_are_nowhere(open_ones: Built) -> None:
    assert open_ones.result.records == 1
    for value in ("古峰", "gufeng", "赵明远", "13911112222", "HT-2026-118"):
        assert value not in open_ones.text
    assert "另见██" in open_ones.page("customers/lantuo.html")
    assert "13800001111" in open_ones.text


def test_query_can_be_asked_without_a_profile(workspace: Path, tmp_path: Path) -> None:
    built = Built(workspace, tmp_path / "site", only="阶段:成交")
    assert built.result.records == 1
    assert "王芳菲" not in built.text
    assert "赵明远" in built.text


def test_rows_have_no_withheld_values(partners: Built) -> None:
    rows = json.loads(partners.page("data/customers.json"))
    assert {row["value"] for row in rows} == {None}
    assert {row["weighted_value"] for row in rows} == {None}


def test_proof_tells_what_it_looked_for(partners: Built) -> None:
    (proof,) = partners.proofs
    assert not proof.hits
    assert proof.sought > 10
    assert proof.files >= sum(file.is_file() for file in partners.output.rglob("*"))


def test_days_are_looked_for_in_the_files_of_their_record(workspace: Path, tmp_path: Path) -> None:
    config, _ = load_config(workspace)
    proofs: list[Proof] = []
    who = Audience(Profile("p", hide=("created",)), (), proofs.append)
    build_site(workspace, tmp_path / "site", TODAY, audience=who)
    reasons = {value.value: reason for value, reason in proofs[0].unproved}
    assert reasons == {"2026-09-02": Reason.OWN_FILES, "2026-03-04": Reason.OWN_FILES}
    assert config.profiles


# --- The proof finds what gets through ---


def test_leak_in_every_kind_of_file_is_found(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sees = Audience.sees

    def sees_all(self: Audience, day: Day) -> ReducedDay:
        view = sees(self, day)
        return replace(
            view, day=day, reduced=replace(view.reduced, paths={each: each for each in PATHS})
        )

    monkeypatch.setattr(audiences.Audience, "sees", sees_all)
    output = tmp_path / "site"
    with pytest.raises(LeakError) as raised:
        Built(workspace, output, "readers")
    files = {hit.file for hit in raised.value.proof.hits}
    assert {
        "index.html",
        "customers/lantuo.html",
        "customers/lantuo.ics",
        "customers/lantuo.vcf",
        "customers/lantuo-jiuhao.html",
        "data/customers.js",
        "data/customers.json",
        "data/search-1.js",
        "feed.xml",
        "followups.ics",
        "attachments/lantuo/baojia-0731.txt",
        ".tracker-site.json",
    } <= files
    fields = {hit.withheld.field for hit in raised.value.proof.hits}
    assert {"name", "id", "contacts.phone", "contacts.name", "followups.summary"} <= fields
    assert not output.exists()


PATHS = ("records/lantuo.md", "records/gufeng.md")


TEMPLATE = """\
{{% extends "builtin/customer.html" %}}
{{% block main %}}{{{{ super() }}}}<p>{leak}</p>{{% endblock %}}
"""


def test_leak_of_a_template_keeps_the_last_site(workspace: Path, tmp_path: Path) -> None:
    root = _copy(workspace, tmp_path / "root")
    output = tmp_path / "site"
    Built(root, output, "partners")
    before = (output / "index.html").read_bytes()
    leaks = "138&#48;0001111 王<wbr>芳<b>菲</b> {{ 'zhuren@lan' ~ 'tuo.example' }} ¥483,700"
    (root / "site_templates").mkdir()
    (root / "site_templates/customer.html").write_text(TEMPLATE.format(leak=leaks), "utf-8")
    with pytest.raises(LeakError) as raised:
        Built(root, output, "partners")
    found = {
        hit.withheld.field for hit in raised.value.proof.hits if hit.file == "customers/lantuo.html"
    }
    assert found >= {"contacts.phone", "contacts.name", "contacts.email", "value"}
    assert "customers/lantuo.html" in str(raised.value)
    assert "records/lantuo.md" in str(raised.value)
    # What a log shows must not be the value itself.
    assert "1111" not in str(raised.value)
    assert (output / "index.html").read_bytes() == before


def test_leak_in_a_file_that_nobody_built_is_found(workspace: Path, tmp_path: Path) -> None:
    output = tmp_path / "site"
    Built(workspace, output, "partners")
    (output / "notes.txt").write_text("王芳菲", encoding="utf-8")
    with pytest.raises(LeakError, match=r"notes\.txt"):
        Built(workspace, output, "partners")
    Built(workspace, output, "partners", clean=True)
    assert not (output / "notes.txt").exists()


MASKED = """\
---
name: 客户{name}
stage: {stage}
owner: 李雷
value: {amount} CNY
---

{text}
"""


def _masked(root: Path, text: str = "") -> Path:
    """Write a workspace whose masked amounts come to one that is withheld."""
    (root / "records").mkdir(parents=True)
    settings = "language: zh\nowners: [李雷]\nprofiles:\n  masked: {mask: [value]}\n"
    (root / "tracker.yaml").write_text(settings, encoding="utf-8")
    # They are shown as 200,000, 70,000 and 80,000.
    for name, stage, amount, note in (
        ("a", "初步接触", 150_000, ""),
        ("b", "商务谈判", 70_000, text),
        ("c", "商务谈判", 80_000, ""),
    ):
        record = MASKED.format(name=name, stage=stage, amount=amount, text=note)
        (root / f"records/{name}.md").write_text(record, encoding="utf-8")
    return root


def test_figure_that_equals_a_masked_amount_by_chance_is_no_leak(tmp_path: Path) -> None:
    built = Built(_masked(tmp_path / "workspace"), tmp_path / "site", "masked")
    assert "150,000" in built.page("stages/index.html")
    (proof,) = built.proofs
    assert {(each.value, reason) for each, reason in proof.unproved} == {
        ("150000", Reason.FIGURES),
        ("70000", Reason.SHOWN),
        ("80000", Reason.SHOWN),
    }


def test_masked_amount_is_found_where_it_is_its_record_s_own(tmp_path: Path) -> None:
    root = _masked(tmp_path / "workspace", "[b](../attachments/b.txt)")
    for path, text in (
        ("attachments/b.txt", "15万"),
        ("site_templates/customer.html", TEMPLATE.format(leak="150,000")),
    ):
        (root / path).parent.mkdir()
        (root / path).write_text(text, encoding="utf-8")
    with pytest.raises(LeakError) as raised:
        Built(root, tmp_path / "site", "masked")
    files = [hit.file for hit in raised.value.proof.hits]
    assert files == ["attachments/b.txt", "customers/a.html"]


def test_settings_with_problems_are_not_trusted(workspace: Path, tmp_path: Path) -> None:
    root = _copy(workspace, tmp_path / "root")
    settings = SETTINGS.replace("hide: [phone,", "hide: [fone,")
    (root / "tracker.yaml").write_text(settings, encoding="utf-8")
    config, problems = load_config(root)
    assert [str(problem.message) for problem in problems]
    who = Audience(config.profiles["partners"])
    with pytest.raises(SettingsError):
        build_site(root, tmp_path / "site", TODAY, audience=who)
    assert not (tmp_path / "site").exists()


def _copy(workspace: Path, root: Path) -> Path:
    for folder in ("records", "attachments/lantuo"):
        (root / folder).mkdir(parents=True)
    for path in ("tracker.yaml", *PATHS, "attachments/lantuo/baojia-0731.txt"):
        (root / path).write_bytes((workspace / path).read_bytes())
    return root


HIDDEN_FORMS = """\
---
name: 澜拓
stage: 商务谈判
owner: 李雷
value: 483700 CNY
contacts:
  - name: 王芳菲
    phone: "13812345678"
---

电话 138&nbsp;1234&nbsp;5678，或 138**1234**5678，或 138<b>1234</b>5678；预算 48.37&nbsp;万。
王总说好，&#x738b;总也在；请王**经理**来，Ask Mr&nbsp;Wang。李总也来。
"""


@pytest.fixture
def hidden_forms(tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    (root / "records").mkdir(parents=True)
    settings = "language: zh\nowners: [李雷]\nprofiles:\n  few: {hide: [contacts, value]}\n"
    (root / "tracker.yaml").write_text(settings, "utf-8")
    (root / "records" / "lantuo.md").write_text(HIDDEN_FORMS, "utf-8")
    other = (
        HIDDEN_FORMS.replace("澜拓", "古峰")
        .replace("王芳菲", "赵明远")
        .replace("1381234", "1391234")
    )
    (root / "records" / "gufeng.md").write_text(other.partition("\n---")[0] + "\n---\n", "utf-8")
    return root


def test_values_hidden_in_references_and_marks_are_blacked_out(
    hidden_forms: Path, tmp_path: Path
) -> None:
    page = Built(hidden_forms, tmp_path / "site", "few").page("customers/lantuo.html")
    plain = re.sub(r"<[^>]*>", "", page)
    assert "电话 ██，或 ██，或 ██；预算 ██。" in plain
    assert "██说好，██也在；请██**来，Ask ██。李总也来。" in plain


@pytest.mark.parametrize("kind", ["hide", "mask"])
def test_people_called_by_one_of_their_names_are_blacked_out(
    hidden_forms: Path, tmp_path: Path, kind: str
) -> None:
    settings = f"language: en\nprofiles:\n  few: {{{kind}: [contacts.name]}}\n"
    (hidden_forms / "tracker.yaml").write_text(settings, "utf-8")
    (hidden_forms / "records" / "mill.md").write_text(
        "---\nname: Müller Mill\nstage: proposal\nowner: Ada\ncontacts:\n  - name: Grace Müller\n"
        "  - name: 王芳菲\n---\n\n## 2026-11-20 09:00 call Ada\n\n"
        "Grace’s plan; by the grace of Muller. 芳菲 agrees, Fangfei too.\n\n"
        "- [ ] call Grace @2026-11-22\n- next: 2026-11-27 visit see Grace; goal: Müller agrees\n",
        "utf-8",
    )
    page = Built(hidden_forms, tmp_path / "site", "few").page("customers/mill.html")
    plain = re.sub(r"<[^>]*>", "", page)
    assert "██’s plan; by the grace of ██. ██ agrees, ██ too." in plain
    assert "Müller Mill" in plain
    assert re.findall("Grace|Muller|Müller(?! Mill)|芳|Fang", plain) == []


def test_amounts_are_sought_in_files_of_others_where_other_amounts_are_shown(
    hidden_forms: Path, tmp_path: Path
) -> None:
    record = hidden_forms / "records" / "gufeng.md"
    shown = "deal: {amount: 99000 CNY}\n---\n"
    record.write_text(record.read_text("utf-8").removesuffix("---\n") + shown, "utf-8")
    output = tmp_path / "site"
    Built(hidden_forms, output, "few")
    (output / "notes.txt").write_text("about 483,700 in all", "utf-8")
    with pytest.raises(LeakError, match=re.escape("notes.txt (value of records/")):
        Built(hidden_forms, output, "few")
