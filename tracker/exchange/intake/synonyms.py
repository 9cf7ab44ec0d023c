"""The headings that people give to columns, beside the keys of the fields themselves.

Each list stands in one text, its words parted by commas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    path: tuple(word.strip() for word in words.split(","))
    for path, words in {
        "id": (
            "客户编号, 客户编码, 客户代码, 客户ID, 编码, customer id, customer no, "
            "customer number, customer code, account number, account id, code"
        ),
        "name": (
            "客户, 公司, 单位, 单位名称, 客户单位, 企业, 企业名称, 客户全称, 全称, 公司全称, "
            "客户公司, 名称, 机构名称, company name, customer, customer name, client, "
            "client name, account, account name, organization, organisation, organization name, "
            "organisation name, firm, company / account, associated company"
        ),
        "short": "客户简称, 公司简称, short name, abbreviation",
        "industry": "行业类别, 客户行业, 行业类型, 行业分类, sector, branch",
        "size": (
            "公司规模, 人员规模, 员工人数, 人数, 员工数, company size, employees, "
            "number of employees, headcount"
        ),
        "business": (
            "主营, 经营范围, 主要业务, 主要产品, 主营产品, 业务范围, main business, "
            "line of business, business scope, what they do"
        ),
        "website": "公司网站, 公司网址, 公司官网, web, web site, url, homepage",
        "address": (
            "公司地址, 客户地址, 详细地址, 通讯地址, 联系地址, 办公地址, company address, "
            "street address, location"
        ),
        "region": (
            "省份, 城市, 所在地, 所在地区, 所属区域, 省市, 地域, city, province, state, "
            "territory, area, country"
        ),
        "source": (
            "线索来源, 来源渠道, 渠道来源, 获客渠道, customer source, lead source, "
            "account source, origin, channel"
        ),
        "level": (
            "客户级别, 级别, 客户分级, 重要程度, 客户分类, 客户类别, customer level, rating, "
            "priority, grade, class, tier"
        ),
        "stage": (
            "销售阶段, 商机阶段, 当前阶段, 跟进阶段, 跟进状态, 客户状态, 状态, 成交状态, 进展, "
            "sales stage, status, lead status, deal stage, pipeline stage, phase"
        ),
        "owner": (
            "销售, 销售员, 业务员, 销售负责人, 客户负责人, 负责销售, 所属销售, 客户经理, "
            "销售代表, 销售人员, 业务代表, 责任人, 归属人, 跟单, 跟单人, 跟单员, account owner, "
            "customer owner, sales rep, salesperson, sales person, rep, assigned to, responsible, "
            "account manager, contact owner, lead owner, opportunity owner, deal owner, "
            "company owner, record owner"
        ),
        "created": (
            "创建日期, 创建时间, 建档时间, 录入日期, 录入时间, 登记日期, 登记时间, 添加时间, "
            "建立日期, 首次接触日期, 首次联系, 首次联系日期, 首次联系时间, 首次拜访, 日期, date, "
            "created at, created on, creation date, "
            "created date, create date, date created, date added"
        ),
        "value": (
            "金额, 预计成交金额, 预计成交额, 预计销售额, 预计合同额, 预计合同金额, 商机金额, "
            "预算, 项目金额, 项目预算, 意向金额, expected value, expected amount, deal value, "
            "deal size, amount, opportunity amount, budget, expected revenue"
        ),
        "expected_close": (
            "预计成交时间, 预计签约日期, 预计签约时间, 预计签单日期, 预计签单时间, 预计结单日期, "
            "预计成单日期, "
            "expected close date, expected closing date, close date, closing date, estimated close"
        ),
        "tags": "客户标签, 关键词, tag, labels, label, categories, keywords",
        "background": (
            "备注, 备注信息, 客户备注, 说明, 背景信息, 客户背景, 客户概况, 公司简介, 企业简介, "
            "客户简介, 描述, 其他说明, note, notes, remark, remarks, comment, comments, "
            "description, summary, customer notes"
        ),
        "currency": "货币, currency code, amount currency",
        "contacts.name": (
            "联系人姓名, 联系人名称, 客户姓名, 客户联系人, 对接人, 联络人, 主要联系人, "
            "首要联系人, 关键联系人, 联系人及电话, 联系人及联系方式, 联系人/电话, contact, "
            "contact person, contact name, full name, "
            "person, primary contact, main contact"
        ),
        "contacts.title": (
            "岗位, 头衔, 联系人职位, 联系人职务, 职称, job title, position, job, role, "
            "contact title"
        ),
        "contacts.given_name": "first name",
        "contacts.family_name": "last name, surname",
        "contacts.gender": "联系人性别, sex, contact gender",
        "contacts.age": "联系人年龄, 年龄段, contact age",
        "contacts.phone": (
            "手机号, 手机号码, 联系电话, 联系方式, 电话号码, 联系人电话, 联系人手机, 移动电话, "
            "固定电话, 座机, 办公电话, 公司电话, 公司座机, 客户电话, telephone, tel, "
            "telephone number, "
            "phone number, mobile phone, mobile number, cell, cell phone, work phone, "
            "business phone, contact phone, contact number"
        ),
        "contacts.email": (
            "邮件, 电邮, 电子邮件, 邮箱地址, 联系人邮箱, 邮件地址, e-mail, mail, email address, "
            "e-mail address, e-mail value, work email, contact email"
        ),
        "contacts.wechat": "微信号码, 微信ID, 联系人微信, wechat id, weixin",
        "contacts.im": "QQ, QQ号, QQ号码, 钉钉, skype, whatsapp, telegram, messenger",
        "contacts.authority": "决策权, 决策角色, 采购角色, 角色, decision role, buying role",
        "contacts.influence": "影响程度, 影响力大小",
        "contacts.preferences": (
            "沟通偏好, 联系人偏好, 个人偏好, 兴趣爱好, 爱好, 性格特点, communication preferences"
        ),
        "contacts.concerns": "关注重点, 关心的问题, 关注内容, 联系人关注点, cares about",
        "contacts.primary": "是否主要联系人, 首要, is primary, main",
        "needs.core": (
            "客户需求, 需求描述, 需求内容, 主要需求, 需求分析, 产品需求, 采购需求, 现有需求, "
            "customer needs, core needs, requirements, requirement, need"
        ),
        "needs.latent": "隐性需求, 潜在的需求, latent needs, hidden needs",
        "needs.pains": (
            "客户痛点, 痛点挑战, 面临的问题, 主要痛点, 痛点和挑战, pain points, pain, challenges"
        ),
        "needs.expected": (
            "期望方案, 期望的解决方案, 期望解决方式, 期望结果, expected solution, desired solution"
        ),
        "offers.date": "报价日期, 报价时间, offer date, quote date",
        "offers.product": (
            "意向产品, 产品名称, 推荐产品, 感兴趣的产品, 需求产品, 推荐产品/服务, 产品/服务, "
            "产品服务, 产品或服务, product name, interested in, product interest"
        ),
        "offers.quote": (
            "报价编号, 报价单编号, quote number, quote no, quotation number, offer number"
        ),
        "offers.amount": (
            "报价金额, 报价总额, 报价价格, quoted amount, quote amount, offer amount, "
            "quotation amount"
        ),
        "offers.terms": "报价条款, 商务条款, payment terms offered, offer terms",
        "offers.proposal": "方案编号, 版本, 方案, proposal version",
        "offers.summary": (
            "方案内容, 方案描述, 方案说明, 方案要点, 报价说明, proposal summary, offer summary"
        ),
        "offers.file": "报价附件, 报价文件, offer file",
        "deal.contract": (
            "合同号, 合同编码, 合同, 订单号, 订单编号, contract number, contract no, order number"
        ),
        "deal.date": (
            "签约日期, 签订日期, 签约时间, 签单日期, 成交时间, 合同日期, 合同签订日期, deal date, "
            "contract date, signing date, won date"
        ),
        "deal.amount": (
            "合同金额, 合同额, 签约金额, 成交额, 订单金额, deal amount, contract amount, "
            "contract value, order amount, won amount"
        ),
        "deal.payment": "付款条件, 支付方式, 结算方式, 付款, payment method, payment terms",
        "deal.delivery": (
            "交货期, 交付时间, 交货周期, 交期, 交付日期, delivery time, delivery date, lead time"
        ),
        "deal.items.name": (
            "成交产品, 购买产品, 产品明细, 物料名称, 商品名称, 商品, item, item name, product sold"
        ),
        "deal.items.quantity": "成交数量, 购买数量, qty",
        "deal.items.price": "成交单价, 产品单价, unit price",
        "lost.date": "丢单日期, 流失日期, 丢单时间, 未成交日期, lost date, date lost",
        "lost.reason": (
            "丢单原因, 流失原因, 未成交原因, 失败原因, 失单原因, lost reason, loss reason, "
            "reason lost, reason for loss"
        ),
        "lost.competitor": "竞品, 竞争品牌, 竞争厂家, 竞争对手名称, lost to, competitors",
        "lost.note": (
            "丢单说明, 流失说明, 未成交说明, 经验教训, loss note, lost note, lessons learned"
        ),
        "followup.date": (
            "日期, 时间, 跟进时间, 联系日期, 联系时间, 沟通日期, 沟通时间, 拜访日期, 拜访时间, "
            "最近跟进日期, 最近跟进时间, 最后跟进日期, 最后跟进时间, 最近联系日期, 最近联系时间, "
            "最后联系时间, 上次跟进日期, 上次跟进时间, 上次联系日期, 上次联系时间, 上次拜访日期, "
            "上次拜访时间, 接触日期, 记录时间, 服务日期, 活动日期, followup date, follow-up date, "
            "contact date, contacted on, last contacted, visit date, call date, activity date, "
            "datetime, when, at"
        ),
        "followup.time": (
            "时间, 跟进时间, 联系时间, 沟通时间, 拜访时间, 时刻, 钟点, 具体时间, followup time, "
            "time of day, hour"
        ),
        "followup.method": (
            "方式, 联系方式, 沟通方式, 联络方式, 跟进形式, 跟进类型, 接触方式, 拜访方式, "
            "沟通渠道, followup method, follow-up method, contact method, activity type, type, "
            "via, channel"
        ),
        "followup.who": (
            "跟进人员, 跟踪人, 跟踪人员, 记录人, 拜访人, 跟进销售, 沟通人, 经办人, 服务人员, "
            "处理人, followed up by, author, by, user, logged by, created by, follow-up by"
        ),
        "followup.method_who": "方式/跟进人, 方式和跟进人, method and who, method and person",
        "followup.summary": (
            "内容, 跟进内容, 跟进记录, 沟通内容, 跟进情况, 沟通情况, 沟通记录, 沟通纪要, "
            "跟进纪要, 跟进详情, 拜访内容, 拜访情况, 拜访记录, 洽谈内容, 洽谈情况, 交流内容, "
            "跟踪内容, "
            "跟踪记录, 联系内容, 联系记录, 记录, 客户反馈, 反馈, feedback, "
            "最近跟进内容, 最近跟进记录, 详情, 备注, followup summary, follow-up summary, "
            "followup notes, follow-up notes, follow up, content, notes, note, what was said, "
            "details, minutes, comment, comments, remarks, description"
        ),
        "followup.contact": (
            "对方联系人, 沟通对象, 联系对象, 拜访对象, 客户联系人, 对接人, contact person, "
            "contact name, spoke to, person, attendees"
        ),
        "followup.topic": "主题, 跟进主题, 沟通主题, 话题, subject",
        "followup.needs": "客户需求, 新需求, customer needs",
        "followup.concerns": "客户顾虑, 异议, 客户异议, 疑虑, objections, objection",
        "followup.response": (
            "我方回应, 回复, 处理结果, 处理方案, 解决方案, our response, answer, reply"
        ),
        "followup.attitude": (
            "客户态度, 客户反应, 客户意向, 意向度, customer attitude, mood, sentiment"
        ),
        "followup.stage": (
            "客户阶段, 跟进阶段, 当前阶段, 销售阶段, 阶段变化, stage change, sales stage"
        ),
        "followup.level": "客户等级, 等级变化, level change",
        "followup.offer": "offers, 相关报价, 报价单, quote number",
        "followup.service": "售后服务, 服务内容",
        "followup.service_kind": "服务类型, 售后类别, 类型, 问题类型, service type, kind",
        "followup.service_ticket": "工单号, 工单编号, 问题编号, ticket",
        "followup.service_text": "服务说明, 售后说明, 问题描述",
        "followup.next": "下次安排, next steps",
        "followup.next_date": (
            "下次跟进时间, 下次联系日期, 下次联系时间, 下次日期, 下次时间, 下次拜访时间, "
            "下次拜访日期, 下次沟通时间, 计划跟进日期, 计划跟进时间, next follow-up date, "
            "next contact, next followup, next contact date, next follow-up, next step date"
        ),
        "followup.next_time": "下次跟进时间, 下次联系时间, 下次时间",
        "followup.next_method": "下次方式, 下次联系方式",
        "followup.next_text": (
            "下一步计划, 下次计划, 下步计划, 下周计划, 后续计划, 跟进计划, 下次内容, 下一步行动, "
            "后续安排, "
            "下一步安排, 下一步工作, 行动计划, next action, next plan, next step text, plan"
        ),
        "followup.next_goal": "下次目标, 目标, goal",
        "followup.todo": (
            "承诺, 待办, 待办事项, 我方承诺, commitments, commitment, to do, promise, promises, "
            "tasks, task"
        ),
        "followup.todo_due": "待办期限, 截止日期, 完成期限, due, due date, deadline",
    }.items()
}
"""Headings that mean a target, by its path.

One heading may stand under targets of several groups: the layout of the sheet decides then.
"""

GROUP_HEADINGS: Mapping[str, tuple[str, ...]] = {
    path: tuple(word.strip() for word in words.split(","))
    for path, words in {
        "": (
            "企业信息, 公司信息, 客户信息, 客户基本信息, 基本信息, 企业基本信息, 公司基本信息, "
            "客户状态, 客户资料, 客户档案, 客户概况, 状态信息, company, customer, "
            "company information, customer information, status, basic information"
        ),
        "contacts": (
            "联系人, 联系人信息, 关键联系人, 主要联系人, 客户联系人, contacts, "
            "contact information, contact, key contacts"
        ),
        "needs": (
            "需求, 需求分析, 客户需求, 需求信息, 需求情况, 客户需求分析, needs, needs analysis, "
            "requirements"
        ),
        "offers": (
            "报价, 方案, 报价信息, 产品与报价, 产品报价, 报价记录, 方案与报价, 方案报价, "
            "产品及方案, 产品与方案, 产品/服务与报价, 报价与方案, offers, quotes, "
            "products and offers, products and quotes, proposals, quotations"
        ),
        "deal": (
            "成交, 成交信息, 合同信息, 成交情况, 签约信息, 成交记录, deal, deal information, "
            "contract, closing"
        ),
        "lost": (
            "未成交, 未成交原因, 丢单信息, 流失信息, 未成交信息, 丢单分析, 未成交分析, lost, "
            "lost reason, loss"
        ),
        "followup": (
            "跟进记录, 跟踪记录, 跟进, 拜访记录, 联系记录, 沟通记录, 跟进情况, 客户跟进记录, "
            "客户跟踪记录, 跟进历史, 售后, 售后服务, 售后记录, 售后服务记录, 服务记录, "
            "follow-ups, follow ups, followups, follow-up log, after-sales, after sales, service, "
            "history, activity, activities"
        ),
    }.items()
}
"""Titles of blocks and of groups of columns, by the group of targets that they announce."""

_SERVICE = "售后, 售后服务, 售后记录, 售后服务记录, 服务记录, after-sales, after sales, service"
SERVICE_HEADINGS = frozenset(_SERVICE.split(", "))
"""Those of the titles of follow-ups that announce after-sales work."""

_COMPUTED = (
    "序号, 行号, no, no., #, index, path, stage_kind, weighted_value, last_contact, followups, "
    "next_state, days_overdue, idle_days, idle_limit, stale, open_commitments, "
    "overdue_commitments, problems, schema_version, today, plans, tickets, stage_history, "
    "未导入的原因, why it was not imported"
)
COMPUTED = frozenset(_COMPUTED.split(", "))
"""Headings of columns that are worked out or counted: left out without a word of warning."""
