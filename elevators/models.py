"""The nouns of the register: buildings, elevators, who managed, maintained, insured and inspected them when, incidents."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from access.models import Organisation, User, place_validator
from elevators.lifecycle import IncidentLifecycle
from elevators.terms import ExclusionReason, Grade, Harm, Nature, Source, codes


def _period() -> Func:
    """The days from `since` to `until`, both included; no `until` means it goes on."""
    return Func(F("since"), F("until"), Value("[]"), function="daterange", output_field=DateRangeField())


def _never_twice(name: str) -> ExclusionConstraint:
    """No two rows of one elevator may share a day."""
    return ExclusionConstraint(name=name, expressions=[("elevator", "="), (_period(), "&&")])


def _in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name=name)


class Building(models.Model):
    """A building or a complex entrance with elevators. The street office is named, for one district has several."""

    name = models.CharField(_("楼栋"), max_length=80)
    estate = models.CharField(_("小区"), max_length=80, blank=True)
    address = models.CharField(_("地址"), max_length=200)
    place = models.CharField(_("行政区划"), max_length=6, validators=[place_validator])
    is_urban = models.BooleanField(_("在设区的市市区"), default=True)
    street_office = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("街道办事处"))

    class Meta:
        verbose_name = _("楼栋")
        indexes = [models.Index(fields=["place"], name="building_place")]

    def __str__(self) -> str:
        return self.name


class Elevator(models.Model):
    """One elevator. `code` is its 设备代码 (or the old 注册代码 where it has no other)."""

    class Status(models.TextChoices):
        IN_USE = "in_use", _("正常使用")
        SUSPENDED = "suspended", _("停用")
        SUSPENDED_NO_MANAGER = "suspended_no_manager", _("无使用管理人，停用")
        SCRAPPED = "scrapped", _("已报废注销")

    code = models.CharField(_("设备代码"), max_length=20, unique=True, validators=[codes.validate])
    registration_code = models.CharField(_("原注册代码"), max_length=20, blank=True)
    use_registration = models.CharField(_("使用登记证编号"), max_length=40, blank=True)
    rescue_code = models.CharField(_("96333 识别码"), max_length=20, blank=True)
    name = models.CharField(_("名称"), max_length=120)
    building = models.ForeignKey(Building, models.PROTECT, related_name="elevators", verbose_name=_("楼栋"))
    kind_code = models.CharField(_("品种代码"), max_length=4, default="3110")
    floors = models.PositiveSmallIntegerField(_("层数"), null=True, blank=True)
    stops = models.PositiveSmallIntegerField(_("站数"), null=True, blank=True)
    put_into_use_on = models.DateField(_("投用日期"), null=True, blank=True)
    first_supervision_on = models.DateField(_("安装监督检验日期"), null=True, blank=True)
    inspection_valid_until = models.DateField(_("检验有效期至"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=30, choices=Status, default=Status.IN_USE)

    class Meta:
        verbose_name = _("电梯")
        indexes = [
            models.Index(fields=["registration_code"], name="elevator_registration"),
            models.Index(fields=["rescue_code"], name="elevator_rescue"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="elevator_name_trigrams"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        return self.building.place

    @property
    def address(self) -> str:
        return self.building.address

    @property
    def grouped_code(self) -> str:
        return codes.grouped(self.code)


class UseManagement(models.Model):
    """使用管理人: who performs the duties of the using unit, from a day and perhaps until one (特种设备安全法 38)."""

    class Basis(models.TextChoices):
        """The decision table of rulebook 1.4, in its order."""

        NOT_HANDED_OVER = "not_handed_over", _("尚未移交，建设单位")
        ENTRUSTED = "entrusted", _("受委托的物业服务企业或者电梯专业单位")
        SINGLE_OWNER = "single_owner", _("单一产权人自行管理")
        NAMED_BY_OWNERS = "named_by_owners", _("共有人书面约定的管理人")
        ALL_OWNERS = "all_owners", _("没有约定，全体业主")
        LEASED = "leased", _("出租或者出借，按合同")
        PUBLIC_WAY = "public_way", _("地下通道、天桥的管理单位")
        STREET_OFFICE_COORDINATES = "street_office_coordinates", _("无法确定，街道办事处协调")
        RETROFIT_AGREEMENT = "retrofit_agreement", _("加装电梯协议约定")

    RETENTION = "equipment_file"

    elevator = models.ForeignKey(Elevator, models.PROTECT, related_name="use_managements")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位"))
    holder_name = models.CharField(_("没有账号的管理人"), max_length=120, blank=True)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=40, choices=Basis)
    document = models.CharField(_("依据文件"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("使用管理")
        constraints = [
            _never_twice("use_management_no_overlap"),
            _in_order("use_management_order"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(holder_name="") | Q(basis__in=["all_owners", "street_office_coordinates"]),
                name="use_management_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.elevator_id} {self.manager_name} {self.since}"

    @property
    def manager_name(self) -> str:
        if self.organisation is not None:
            return self.organisation.name
        return self.holder_name or str(self.get_basis_display())


class MaintenanceContract(models.Model):
    """维保合同: who maintains the elevator, with the telephone that answers day and night."""

    RETENTION = "equipment_file"

    elevator = models.ForeignKey(Elevator, models.PROTECT, related_name="maintenance_contracts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("维保单位"))
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    duty_phone = models.CharField(_("值班电话"), max_length=30, blank=True)
    document = models.CharField(_("合同编号"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("维保合同")
        constraints = [_never_twice("maintenance_no_overlap"), _in_order("maintenance_order")]

    def __str__(self) -> str:
        return f"{self.elevator_id} {self.organisation_id} {self.since}"


class CoverFact(models.Model):
    """The fact that an elevator is insured, told by the insurer's room. From `since` (included) to `until` (excluded)."""

    elevator = models.ForeignKey(Elevator, models.PROTECT, related_name="covers")
    insurer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("保险人"))
    policy_reference = models.CharField(_("保险单号"), max_length=80)
    policy_id = models.BigIntegerField(null=True, blank=True)
    product = models.CharField(_("险种"), max_length=80, blank=True)
    programme = models.CharField(_("统保方案"), max_length=40, blank=True)
    insured_parties = models.JSONField(_("被保险人"), default=list, blank=True)
    since = models.DateTimeField(_("起"))
    until = models.DateTimeField(_("止"))
    recorded_at = models.DateTimeField(auto_now_add=True)
    ended_because = models.CharField(_("终止原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("承保事实")
        constraints = [
            models.UniqueConstraint(fields=["elevator", "policy_reference", "since"], name="cover_once"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="cover_order"),
        ]
        indexes = [models.Index(fields=["elevator", "since", "until"], name="cover_period")]

    def __str__(self) -> str:
        return f"{self.policy_reference} {self.since:%Y-%m-%d}"


class InspectionFact(models.Model):
    """One inspection of an elevator and until when its mark is valid."""

    class Kind(models.TextChoices):
        SUPERVISION = "supervision", _("监督检验")
        PERIODIC = "periodic", _("定期检验")
        SELF_TEST = "self_test", _("自行检测")
        ASSESSMENT = "assessment", _("安全评估")

    class Result(models.TextChoices):
        PASSED = "passed", _("合格")
        FAILED = "failed", _("不合格")

    elevator = models.ForeignKey(Elevator, models.PROTECT, related_name="inspections")
    kind = models.CharField(_("类别"), max_length=20, choices=Kind, default=Kind.PERIODIC)
    inspected_on = models.DateField(_("检验日期"))
    result = models.CharField(_("结论"), max_length=10, choices=Result)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    body = models.CharField(_("检验机构"), max_length=120, blank=True)
    report_number = models.CharField(_("报告编号"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("检验")
        ordering = ["-inspected_on"]
        constraints = [models.UniqueConstraint(fields=["elevator", "kind", "inspected_on"], name="inspection_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.inspected_on} {self.get_result_display()}"


class Incident(IncidentLifecycle):
    """事件: what happened to one elevator at one minute, and the people it happened to. Facts only; money hangs below it."""

    RETENTION = "claim_file"

    elevator = models.ForeignKey(Elevator, models.PROTECT, related_name="incidents", verbose_name=_("电梯"))
    nature = models.CharField(_("事件"), max_length=20, choices=Nature)
    source = models.CharField(_("来源"), max_length=20, choices=Source)
    started_at = models.DateTimeField(_("发生时间"))
    learnt_at = models.DateTimeField(_("单位负责人得知时间"))
    arrival_at = models.DateTimeField(_("救援到达时间"), null=True, blank=True)
    released_at = models.DateTimeField(_("救出时间"), null=True, blank=True)
    has_trapped = models.BooleanField(_("有人被困"), default=False)
    trapped_minutes = models.PositiveIntegerField(_("被困分钟"), null=True, blank=True)
    people_count = models.PositiveSmallIntegerField(_("人数"), default=0)
    description = models.TextField(_("经过"), blank=True, max_length=2000)
    deaths = models.PositiveSmallIntegerField(_("死亡人数"), default=0)
    serious_injuries = models.PositiveSmallIntegerField(_("重伤人数"), default=0)
    loss_estimate = models.DecimalField(
        _("直接经济损失估计（元）"), max_digits=16, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    exclusion = models.CharField(_("不属于特种设备事故的情形"), max_length=40, choices=ExclusionReason, blank=True)
    exclusion_reason = models.CharField(_("说明"), max_length=300, blank=True)
    injured_count = models.PositiveSmallIntegerField(_("受伤人数"), default=0)
    accident_grade = models.CharField(_("等级"), max_length=20, choices=Grade, blank=True)
    grade_provision = models.CharField(_("等级依据"), max_length=200, blank=True)
    grade_reason = models.CharField(_("变更等级的理由"), max_length=300, blank=True)
    is_grade_confirmed = models.BooleanField(_("等级已确认"), default=False)
    must_report = models.BooleanField(_("须报告监管部门"), default=False)
    report_duty_since = models.DateTimeField(_("须报告的事实从何时起明了"), null=True, blank=True)
    regulator_notified_at = models.DateTimeField(_("报告监管部门时间"), null=True, blank=True)
    regulator_receipt = models.CharField(_("监管部门回执"), max_length=120, blank=True)
    insurer_notified_at = models.DateTimeField(_("通知保险人时间"), null=True, blank=True)
    insurer_receipt = models.CharField(_("保险人报案号"), max_length=120, blank=True)
    use_manager = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("当时的使用管理人")
    )
    use_manager_name = models.CharField(_("当时的使用管理人"), max_length=120, blank=True)
    maintenance = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("当时的维保单位"))
    insurer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("当时的保险人"))
    policy_reference = models.CharField(_("保险单号"), max_length=80, blank=True)
    policy_id = models.BigIntegerField(null=True, blank=True)
    programme = models.CharField(_("统保方案"), max_length=40, blank=True)
    reported_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记人"))
    duplicate_of = models.CharField(_("并入"), max_length=30, blank=True)
    conclusion = models.TextField(_("结论"), blank=True, max_length=2000)

    class Meta:
        verbose_name = _("电梯事件")
        indexes = [models.Index(fields=["elevator", "-started_at"], name="incident_life")]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(released_at__gte=F("started_at")), name="incident_release_after_start"
            ),
            models.CheckConstraint(condition=Q(exclusion="") | ~Q(exclusion_reason=""), name="incident_exclusion_has_reason"),
        ]


class AffectedPerson(models.Model):
    """Somebody the incident happened to. `key` (P1, P2 ...) never changes; the identity may come later, through parties."""

    RETENTION = "claim_file"

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="people")
    key = models.CharField(max_length=8)
    party_id = models.BigIntegerField(null=True, blank=True)
    name = models.CharField(_("姓名或者特征"), max_length=60, blank=True)
    is_named = models.BooleanField(_("知道姓名"), default=False)
    harm = models.CharField(_("伤情"), max_length=20, choices=Harm, default=Harm.UNHURT)
    was_trapped = models.BooleanField(_("被困"), default=False)
    age = models.PositiveSmallIntegerField(_("年龄"), null=True, blank=True)
    removed_because = models.CharField(_("误登记的原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("涉及人员")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["incident", "key"], name="affected_person_once")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.key}"

    @property
    def is_injured(self) -> bool:
        return self.harm != Harm.UNHURT


class LinkedReport(models.Model):
    """A further report of an event already registered, kept as it came. It opens no second claim."""

    RETENTION = "claim_file"

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="linked_reports")
    event_id = models.UUIDField()
    source = models.CharField(_("来源"), max_length=20, choices=Source)
    reporter = models.CharField(_("报告人"), max_length=80)
    reported_at = models.DateTimeField(_("报告时间"))
    started_at = models.DateTimeField(_("所报发生时间"))
    people_count = models.PositiveSmallIntegerField(_("所报人数"), default=0)
    description = models.TextField(_("所报经过"), blank=True)
    case_reference = models.CharField(_("原案号"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("并入的报告")
        ordering = ["reported_at", "id"]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.reported_at:%Y-%m-%d %H:%M}"
