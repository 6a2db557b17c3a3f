"""Who is who in the demonstration: invented organisations, people and their open passwords. Imports nothing of the house."""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass

#: The one password of every invented account; as settings.DEMONSTRATION_PASSWORD reads it.
PASSWORD = os.environ.get("TIBAO_DEMONSTRATION_PASSWORD") or "tibao-demonstration"


@dataclass(frozen=True)
class Office:
    """An invented organisation. `limits`: (role, act, yuan) that a role may decide alone."""

    key: str
    kind: str
    name: str
    short_name: str
    place: str
    address: str = ""
    phone: str = ""
    limits: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Account:
    """An invented person's account."""

    username: str
    name: str
    office: str
    roles: tuple[str, ...]

    @property
    def secret(self) -> str:
        """What feeds the second factor (base32): the same in every demonstration, so that a device keeps working."""
        return base64.b32encode(hashlib.sha256(f"tibao demonstration {self.username}".encode()).digest()[:20]).decode()


MANAGER_LIMITS = (
    ("manager_approver", "advance.approve", "500000.00"),
    ("manager_approver", "advance.emergency", "20000.00"),
    ("manager_clerk", "advance.emergency", "20000.00"),
    ("manager_approver", "claim.order_payment", "3000000.00"),
    ("manager_approver", "recovery.give_up", "500000.00"),
)
INSURER_LIMITS = (
    ("insurer_handler", "payout.decide", "20000.00"),
    ("insurer_approver", "payout.decide", "3000000.00"),
    ("insurer_approver", "recovery.give_up", "3000000.00"),
)
#: The leader of a street office grants alone up to the second tier; above it the housing authority does.
STREET_LIMITS = (("street_leader", "subsidy.approve", "150000.00"),)
HOUSING_LIMITS = (("housing_officer", "subsidy.approve", "500000.00"), ("housing_officer", "drawdown.approve", "500000.00"))

OFFICES = (
    Office(
        "anhe",
        "property_company",
        "广州安和物业服务有限公司",
        "安和物业",
        "440105",
        "广州市海珠区榕岸路 12 号",
        "020-0000 2100",
        MANAGER_LIMITS,
    ),
    Office(
        "nanyue",
        "insurer",
        "南粤财产保险股份有限公司广东分公司",
        "南粤财险",
        "440100",
        "广州市天河区木棉大道 1 号",
        "020-0000 9500",
        INSURER_LIMITS,
    ),
    Office("rongan", "street_office", "榕岸街道办事处", "榕岸街道办", "440105", "广州市海珠区榕岸路 3 号", "020-0000 3300", STREET_LIMITS),
    Office("haizhu_housing", "housing_authority", "海珠区住房和建设局", "海珠区住建局", "440105", "", "020-0000 3310", HOUSING_LIMITS),
    Office("haizhu_finance", "finance_bureau", "海珠区财政局", "海珠区财政局", "440105", "", "020-0000 3320"),
    Office("haizhu", "market_regulator", "海珠区市场监督管理局", "海珠区市场监管局", "440105", "", "020-0000 1231"),
    Office("xunti", "maintenance_contractor", "广州迅梯机电工程有限公司", "迅梯机电", "440100", "", "020-0000 9633"),
    Office(
        "nanshi",
        "owners_committee",
        "南石西新村 12 号 2 梯业主委员会（筹备组）",
        "南石西新村筹备组",
        "440105",
        "广州市海珠区南石西新村 12 号",
        "020-0000 1212",
    ),
    Office("gongxin", "auditor", "岭南公信会计师事务所", "岭南公信", "440000"),
    Office("operator", "operator", "梯保运行维护组", "梯保运维", "440000"),
    Office(
        "yuejing", "property_company", "广州越景物业管理有限公司", "越景物业", "440104", "广州市越秀区", "020-0000 2200", MANAGER_LIMITS
    ),
    Office("yunlu", "property_company", "云麓家园物业服务有限公司", "云麓物业", "440111", "广州市白云区", "020-0000 2300", MANAGER_LIMITS),
    Office("haiwan", "property_company", "深圳海湾星物业服务有限公司", "海湾星物业", "440304", "", "0755-0000 2400", MANAGER_LIMITS),
    Office("lingnan", "insurer", "岭海财产保险有限公司", "岭海财险", "440300", "", "0755-0000 9600", INSURER_LIMITS),
    Office("antai", "maintenance_contractor", "安泰升降设备维修有限公司", "安泰升降", "440100", "", "020-0000 9644"),
    Office("pengcheng", "maintenance_contractor", "深圳鹏升电梯工程有限公司", "鹏升电梯", "440300", "", "0755-0000 9655"),
    Office("yuexiu", "market_regulator", "越秀区市场监督管理局", "越秀区市场监管局", "440104"),
    Office("tianhe", "market_regulator", "天河区市场监督管理局", "天河区市场监管局", "440106"),
    Office("baiyun", "market_regulator", "白云区市场监督管理局", "白云区市场监管局", "440111"),
    Office("panyu", "market_regulator", "番禺区市场监督管理局", "番禺区市场监管局", "440113"),
    Office("futian", "market_regulator", "福田区市场监督管理局", "福田区市场监管局", "440304"),
    Office("hemu", "street_office", "禾木街道办事处", "禾木街道办", "440104"),
    Office("zhujiang", "street_office", "珠影街道办事处", "珠影街道办", "440106"),
    Office("luhu", "street_office", "麓湖街道办事处", "麓湖街道办", "440111"),
    Office("shawan", "street_office", "沙洲街道办事处", "沙洲街道办", "440113"),
    Office("haixing", "street_office", "海星街道办事处", "海星街道办", "440304"),
    Office("jinping", "street_office", "汕樟街道办事处", "汕樟街道办", "440511", "汕头市金平区", "0754-0000 3300", STREET_LIMITS),
    Office(
        "jinping_housing", "housing_authority", "金平区住房和城乡建设局", "金平区住建局", "440511", "", "0754-0000 3310", HOUSING_LIMITS
    ),
    Office("jinping_finance", "finance_bureau", "金平区财政局", "金平区财政局", "440511", "", "0754-0000 3320"),
)

#: The first account of a role is the one that the sign-in page offers.
ACCOUNTS = (
    Account("liang", "梁敏仪", "anhe", ("manager_clerk",)),
    Account("zheng", "郑国栋", "anhe", ("manager_approver",)),
    Account("he", "何佩珊", "anhe", ("manager_cashier",)),
    Account("chen", "陈卓然", "nanyue", ("insurer_handler",)),
    Account("xu", "许婉莹", "nanyue", ("insurer_approver",)),
    Account("li", "黎颂文", "nanyue", ("insurer_cashier",)),
    Account("su", "苏婉晴", "rongan", ("street_clerk",)),
    Account("guan", "关志明", "rongan", ("street_leader",)),
    Account("deng", "邓嘉怡", "haizhu_housing", ("housing_officer",)),
    Account("mai", "麦文涛", "haizhu_finance", ("finance_officer",)),
    Account("xian", "冼丽珊", "haizhu_finance", ("finance_cashier",)),
    Account("luo", "罗建平", "haizhu", ("regulator_officer",)),
    Account("peng", "彭志强", "xunti", ("maintenance_staff",)),
    Account("xie", "谢文辉", "nanshi", ("owners_officer",)),
    Account("kong", "孔令仪", "nanshi", ("owners_officer",)),
    Account("fang", "方若谷", "gongxin", ("auditor",)),
    Account("operator", "温启明", "operator", ("operator",)),
    Account("yip", "叶秋云", "haizhu_finance", ("finance_officer",)),
    Account("tan", "谭家豪", "nanyue", ("insurer_handler",)),
    Account("kuang", "邝咏琪", "anhe", ("manager_clerk",)),
    Account("ma", "马骏驰", "yuejing", ("manager_clerk",)),
    Account("ou", "欧阳静", "yuejing", ("manager_approver",)),
    Account("qiu", "邱美玲", "yuejing", ("manager_cashier",)),
    Account("shao", "邵一帆", "haiwan", ("manager_clerk",)),
    Account("tang", "唐锦辉", "haiwan", ("manager_approver",)),
    Account("jian", "简慧敏", "haiwan", ("manager_cashier",)),
    Account("gu", "顾天朗", "lingnan", ("insurer_handler",)),
    Account("yan", "严可欣", "lingnan", ("insurer_approver",)),
    Account("wei", "韦宏亮", "lingnan", ("insurer_cashier",)),
    Account("zhuang", "庄碧霞", "jinping", ("street_clerk",)),
    Account("lian", "连锦涛", "jinping", ("street_leader",)),
    Account("yao", "姚若兰", "jinping_housing", ("housing_officer",)),
    Account("cai", "蔡启明", "jinping_finance", ("finance_officer",)),
    Account("huang", "黄少珠", "jinping_finance", ("finance_officer",)),
    Account("weng", "翁丽娟", "jinping_finance", ("finance_cashier",)),
)

ROLES = {
    "manager_clerk": "物业经办人",
    "manager_approver": "物业审批人",
    "manager_cashier": "物业出纳",
    "insurer_handler": "理赔经办人",
    "insurer_approver": "理赔复核人",
    "insurer_cashier": "保险公司出纳",
    "street_clerk": "街道办经办人",
    "street_leader": "街道办负责人",
    "housing_officer": "住建部门人员",
    "finance_officer": "财政经办人",
    "finance_cashier": "财政出纳",
    "regulator_officer": "市场监管人员",
    "maintenance_staff": "维保人员",
    "owners_officer": "业主委员会经办人",
    "auditor": "审计人员",
    "operator": "系统运维",
}


def office(key: str) -> Office:
    return next(o for o in OFFICES if o.key == key)


def one_per_role() -> list[tuple[str, Account]]:
    """Each role with the account that stands for it."""
    return [(role, next(a for a in ACCOUNTS if role in a.roles)) for role in ROLES]


def lines() -> list[str]:
    """What the launcher prints: one account per role, and the password they share."""
    shown = [
        f"  {account.username:<10}{account.name}（{office(account.office).short_name}，{ROLES[role]}）" for role, account in one_per_role()
    ]
    return [
        "演示账号 / demonstration accounts（人名、单位全部虚构）：",
        *shown,
        f"  密码 password: {PASSWORD}    动账角色的动态口令显示在登录页 / one-time codes are shown on the sign-in page",
    ]
