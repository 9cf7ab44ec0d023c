"""Makes a workspace of believable records, the same for the same seed.

Example: `python bench/generate.py FOLDER --customers 1000 --followups 10`.
"""

from __future__ import annotations

import argparse
import random
from datetime import date, timedelta
from pathlib import Path

TODAY = date(2026, 11, 24)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗单曾仇"
GIVEN = ["芳", "伟", "敏", "静", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "明", "超"]
CITIES = ["苏州", "无锡", "常州", "南京", "杭州", "宁波", "上海", "合肥", "嘉兴", "南通"]
WORDS = [
    "恒",
    "达",
    "精",
    "密",
    "华",
    "瑞",
    "新",
    "科",
    "联",
    "创",
    "远",
    "景",
    "博",
    "安",
    "信",
    "诚",
]
TRADES = ["机械", "电子", "包装", "汽车零部件", "医疗器械", "纺织", "食品", "模具", "新能源"]
STAGES = ["初步接触", "需求分析", "方案制定", "商务谈判", "成交", "售后服务", "未成交"]
STAGE_WEIGHTS = [20, 18, 16, 12, 14, 8, 12]
SOURCES = ["展会", "转介绍", "官网", "广告", "电话开发", "网络搜索", "老客户", "合作伙伴"]
METHODS = ["电话", "邮件", "面谈", "微信", "视频会议"]
OWNERS = ["李雷", "韩梅梅", "周涛", "陈静"]
REASONS = ["价格", "竞争对手", "产品不符", "交期", "预算取消", "项目取消"]
SENTENCES = [
    "{who}来电问第{count}批的交付周期，担心安装调试影响生产。",
    "{who}提到{product}的精度从{month}月后一直下降，返工率约百分之{count}。",
    "采购希望付款改成{share}比{rest}，质保延长到{count}年。",
    "现场量了节拍，单件{seconds}秒，瓶颈在上料，换料一次停{count}分钟。",
    "{who}对远程运维有兴趣，问{product}的数据是否可以留在厂内服务器。",
    "财务把预算压缩了百分之{share}，{count}台的方案暂时不要再提。",
    "样件检测报告已寄出，{product}的圆度全部在{count}微米以内。",
    "客户在看另外{count}家的报价，比我们低百分之{share}，交期晚{month}周。",
    "约了{who}带操作工来试{product}，最关心换型能不能压到{seconds}分钟。",
    "二厂的地坪要到{month}月{share}日才能干透，第{count}台先进老厂。",
]
"""What is said, with numbers and names that make most of it differ from record to record."""

PRODUCTS = ["X200", "X260", "M8 车床", "五轴机", "磨床", "自动线", "旧设备", "检测台"]
MARKED = [
    "客户只问了一句：**超了{seconds}次怎么收费？**",
    "要点如下：\n\n- 交期不晚于{month}月底\n- 质保写进合同\n- 培训{count}天",
    "| 项目 | 现状 | 目标 |\n| --- | --- | --- |\n| 节拍 | {seconds} s | 1{count} s |",
    "资料见 https://www.example.com/spec/{seconds} 第 {count} 页。",
]
TASKS = ["发送正式报价", "提供同行业案例", "寄送样件检测报告", "确认安装窗口", "安排工程师到厂"]
PLANS = ["演示分批交付计划", "确认预算与签约时间", "回访试用情况", "讨论付款方式", "带样件复测"]
STEPS = [11, 17, 23, 31, 9, 14]


def main() -> None:
    """Write the workspace that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--followups", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    generate(options.folder, options.customers, options.followups, options.seed)


def generate(folder: Path, customers: int, followups: int = 10, seed: int = 1) -> None:
    """Write a workspace.

    Args:
        folder: Where; made where it is absent.
        customers: Number of records, in folders of a thousand.
        followups: Average number of follow-ups of a record.
        seed: The same seed and sizes give the same bytes.
    """
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    owners = "".join(f"  - {owner}\n" for owner in OWNERS)
    (folder / "tracker.yaml").write_text(f"language: zh\nowners:\n{owners}", encoding="utf-8")
    for number in range(customers):
        part = folder / "records" / f"{number // 1000:03d}"
        part.mkdir(parents=True, exist_ok=True)
        text = record(number, followups, chance)
        (part / f"k{number:06d}.md").write_text(text, encoding="utf-8")


def record(number: int, followups: int, chance: random.Random) -> str:
    """Return the text of one record."""
    wording = random.Random(number)
    stage = chance.choices(STAGES, STAGE_WEIGHTS)[0]
    owner = chance.choice(OWNERS)
    value = chance.randrange(5, 300) * 10_000
    contacts = [
        chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(["", *GIVEN])
        for _ in range(chance.randrange(1, 4))
    ]
    place, brand = chance.choice(CITIES), "".join(chance.sample(WORDS, 2))
    name = f"{place}{brand}{number}{chance.choice(TRADES)}有限公司"
    lines = [
        "---",
        f"name: {name}",
        f"industry: {chance.choice(TRADES)}",
        f"size: {chance.choice(['50人以下', '50-200人', '200-500人', '500人以上'])}",
        f"website: https://www.k{number}.example",
        f"region: {chance.choice(CITIES)}",
        f"source: {chance.choice(SOURCES)}",
        f"level: {chance.choice('ABC')}",
        f"stage: {stage}",
        f"owner: {owner}",
        f"created: {TODAY - timedelta(days=400)}",
        f"value: {value} CNY",
        f"expected_close: {TODAY + timedelta(days=chance.randrange(5, 120))}",
        f"tags: [{chance.choice(TRADES)}, {chance.choice(CITIES)}]",
        "contacts:",
    ]
    for index, contact in enumerate(dict.fromkeys(contacts)):
        lines += [
            f"  - name: {contact}",
            f"    title: {chance.choice(['采购经理', '总经理', '生产主管', '技术总监'])}",
            f"    phone: 0512-0{number % 1000:03d}-{number // 1000:02d}{index:02d}",
            f"    email: p{index}@k{number}.example",
            f"    authority: {chance.choice(['决策者', '影响者', '使用者'])}",
            "    concerns: [价格, 交期]",
        ]
    lines += [
        "needs:",
        "  core: [缩短交期, 提高精度]",
        "  pains: [旧设备精度下降导致返工]",
        "offers:",
        "  - date: 2026-08-18",
        "    product: X200 加工中心",
        f"    quote: Q-{number:06d}",
        f"    amount: {value} CNY",
        "    terms: 三年质保",
    ]
    if stage in ("成交", "售后服务"):
        lines += ["deal:", f"  contract: HT-{number:06d}", "  date: 2026-09-30"]
        lines.append(f"  amount: {value} CNY")
    if stage == "未成交":
        lines += ["lost:", "  date: 2026-09-30", f"  reason: {chance.choice(REASONS)}"]
    lines += ["---", "", f"背景：{worded(chance.choice(SENTENCES), wording)}", ""]
    day = TODAY - timedelta(days=chance.randrange(40))
    for index in range(max(1, followups + chance.randrange(-4, 5))):
        lines += section(day, owner, chance.choice(contacts), chance, wording)
        if index == 0:
            lines += outcome(day, stage, chance)
        lines.append("")
        day -= timedelta(days=chance.choice(STEPS))
    return "\n".join(lines) + "\n"


def section(
    day: date, owner: str, contact: str, chance: random.Random, wording: random.Random
) -> list[str]:
    """Return the lines of one follow-up.

    Args:
        day: When.
        owner: Who followed up.
        contact: Whom they spoke to.
        chance: Decides what is in it.
        wording: Decides the numbers and names in its sentences.
    """

    def sentences(count: int) -> str:
        return "".join(worded(each, wording) for each in chance.sample(SENTENCES, count))

    time = f"{chance.randrange(8, 18):02d}:{chance.randrange(0, 60, 5):02d}"
    lines = [f"## {day} {time} {chance.choice(METHODS)} {owner}", ""]
    lines += [sentences(chance.randrange(1, 4)), ""]
    if chance.random() < 0.15:
        lines += [worded(chance.choice(MARKED), wording), ""]
    lines.append(f"- 联系人: {contact}")
    if chance.random() < 0.5:
        lines.append(f"- 顾虑: {worded(chance.choice(SENTENCES), wording)}")
        lines.append(f"- 回应: {worded(chance.choice(SENTENCES), wording)}")
    due = day + timedelta(days=chance.randrange(1, 12))
    box = " " if due > TODAY or chance.random() < 0.1 else "x"
    lines.append(f"- [{box}] {chance.choice(TASKS)} @{due}")
    lines.append(f"- 态度: {chance.choice(['积极', '中立', '消极'])}")
    return lines


def worded(sentence: str, wording: random.Random) -> str:
    """Return a sentence with numbers and names in it."""
    share = wording.randrange(5, 30)
    return sentence.format(
        who=wording.choice(SURNAMES) + wording.choice(["总", "工", "经理", "主任"]),
        product=wording.choice(PRODUCTS),
        count=wording.randrange(2, 10),
        month=wording.randrange(1, 13),
        seconds=wording.randrange(11, 99),
        share=share,
        rest=100 - share,
    )


def outcome(day: date, stage: str, chance: random.Random) -> list[str]:
    """Return what the newest follow-up says of the stage and of the next step."""
    lines = [f"- 阶段: {stage}"]
    if stage != "未成交":
        plan = max(TODAY + timedelta(days=chance.randrange(-6, 20)), day)
        lines.append(f"- 下次: {plan} {chance.choice(METHODS)} {chance.choice(PLANS)}")
    return lines


if __name__ == "__main__":
    main()
