"""One pack per incident: a piece is stored once and picked again; who may read it, on what ground, marked and on record."""

from __future__ import annotations

import io
from datetime import timedelta

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, transaction
from django.utils import timezone
from PIL import Image, ImageChops

from access.models import User
from access.roles import CaseRole, Role
from casework import archive, evidence, pack, sharing, watermark
from casework.errors import NotPermitted, OutOfScope
from casework.models import Evidence, FileAccess, SharingConsent
from casework.steps import admit
from demonstration.papers import slip
from tests.factories.access import make_actor
from tests.sample.factories import open_matter, people

pytestmark = pytest.mark.django_db
SECRET = "张三病历.pdf"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def clerk_and_handler():
    return people()


@pytest.fixture
def incident(clerk_and_handler):
    return open_matter(*clerk_and_handler)


@pytest.fixture
def claim(incident, clerk_and_handler):
    return open_matter(*clerk_and_handler, parent=incident)


def paper(text="one", name="paper.pdf"):
    return SimpleUploadedFile(name, slip((text,)), content_type="application/pdf")


def picture(size=(600, 400), form="JPEG"):
    target = io.BytesIO()
    Image.new("RGB", size, (250, 250, 250)).save(target, form)
    return target.getvalue()


def medical(case, by):
    row = evidence.add(case, code="other", file=paper("medical", SECRET), by=by)
    sharing.set_terms(row, by=by, source="广州某医院", sensitivity="sensitive", audience=(), purpose="核定医疗费")
    row.refresh_from_db()
    return row


def agree(row, by, recipients=(CaseRole.INSURER,), **changed):
    given = {"basis": "consent", "given_by": "张三", "purpose": "理赔审核", "given_on": timezone.localdate(), "proof": "签字的同意书"}
    return sharing.record_consent(row, by=by, recipients=recipients, **(given | changed))


def sign_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


# ---- one pack ----


def test_a_piece_is_picked_for_a_further_case_and_stored_once(incident, claim, clerk_and_handler):
    clerk, handler = clerk_and_handler
    first = evidence.add(incident, code="other", file=paper(), by=clerk)
    picked = pack.attach(claim, key=first.pk, code="receipt", by=handler)
    again = evidence.add(claim, code="other", file=paper(name="sent-twice.pdf"), by=handler)

    assert picked.origin == first and picked.file.name == first.file.name == again.file.name
    assert pack.attach(claim, key=first.pk, code="receipt", by=handler) == picked, "picked once"
    assert evidence.missing(claim) == [], "a piece that was picked fills its place"
    (piece,) = pack.pack(incident, clerk)
    assert [(u.case.pk, str(u.label)) for u in piece.uses] == [(incident.pk, "其他材料"), (claim.pk, "收据"), (claim.pk, "其他材料")]
    assert len(list((first.file.storage.listdir("evidence/" + f"{timezone.now():%Y/%m}"))[1])) == 1


def test_nothing_is_picked_from_another_incident_or_by_a_stranger(incident, claim, clerk_and_handler):
    clerk, handler = clerk_and_handler
    row = evidence.add(incident, code="other", file=paper(), by=clerk)
    other = open_matter(clerk, handler)
    for case, by in [(other, clerk), (claim, make_actor(Role.MANAGER_CLERK))]:
        with pytest.raises(OutOfScope):
            pack.attach(case, key=row.pk, code="receipt", by=by)


def test_a_withdrawn_use_leaves_the_piece_and_its_other_uses(incident, claim, clerk_and_handler):
    clerk, _handler = clerk_and_handler
    row = evidence.add(incident, code="other", file=paper(), by=clerk)
    picked = pack.attach(claim, key=row.pk, code="receipt", by=clerk)
    Evidence.objects.filter(pk=picked.pk).update(withdrawn_at=timezone.now(), withdrawn_because="选错了")

    assert [u.case.pk for u in pack.pack(incident, clerk)[0].uses] == [incident.pk]
    assert len(evidence.missing(claim)) == 1


# ---- who may read ----


def test_what_tells_of_a_person_needs_a_ground_that_names_the_reader(incident, clerk_and_handler):
    clerk, handler = clerk_and_handler
    row = medical(incident, clerk)

    assert sharing.may_read(row, clerk).allowed
    assert "还没有登记本人的单独同意" in sharing.may_read(row, handler).reason
    agree(row, clerk, recipients=(CaseRole.MAINTENANCE,))
    assert not sharing.may_read(row, handler).allowed
    agree(row, clerk)
    assert sharing.may_read(row, handler).allowed


def test_a_consent_taken_back_stops_every_further_look_also_where_the_piece_was_picked(incident, claim, clerk_and_handler, client):
    clerk, handler = clerk_and_handler
    row = medical(incident, clerk)
    consent = agree(row, clerk)
    picked = pack.attach(claim, key=row.pk, code="receipt", by=handler)
    sharing.withdraw_consent(consent, because="本人来电", by=clerk)

    assert "已经撤回同意" in sharing.may_read(Evidence.objects.get(pk=picked.pk), handler).reason
    response = sign_in(client, handler).get(f"/files/evidence/{picked.pk}/?purpose=核对")
    assert response.status_code == 403 and "撤回同意" in response.content.decode()
    assert FileAccess.objects.get().act == "refused"
    with pytest.raises(NotPermitted):
        pack.attach(claim, key=row.pk, code="other", by=handler)
    assert sharing.may_read(row, clerk).allowed, "what the manager collected it still holds"


def test_only_the_parts_named_read_a_piece(incident, clerk_and_handler):
    clerk, handler = clerk_and_handler
    maintainer = make_actor(Role.MAINTENANCE_STAFF)
    admit(incident, maintainer.organisation_id, CaseRole.MAINTENANCE)
    row = evidence.add(incident, code="other", file=paper(), by=clerk)
    sharing.set_terms(row, by=clerk, source="", sensitivity="ordinary", audience=("insurer",), purpose="")
    row.refresh_from_db()

    assert sharing.may_read(row, handler).allowed
    assert sharing.may_read(row, maintainer).reason == "这份材料只给保险人看。"


def test_terms_and_grounds_are_the_business_of_who_brought_the_piece(incident, clerk_and_handler):
    clerk, handler = clerk_and_handler
    row = medical(incident, clerk)
    with pytest.raises(NotPermitted):
        agree(row, handler)
    with pytest.raises(NotPermitted):
        sharing.set_terms(row, by=handler, source="", sensitivity="ordinary", audience=(), purpose="")


@pytest.mark.parametrize(
    "changed",
    [{"given_by": " "}, {"proof": ""}, {"purpose": ""}, {"basis": "whim"}, {"given_on": timezone.localdate() + timedelta(days=2)}],
)
def test_a_ground_without_its_essentials_is_none(incident, clerk_and_handler, changed):
    with pytest.raises(ValidationError):
        agree(medical(incident, clerk_and_handler[0]), clerk_and_handler[0], **changed)
    assert not SharingConsent.objects.exists()


def test_what_was_agreed_is_never_edited_and_a_look_never_deleted(incident, clerk_and_handler):
    consent = agree(medical(incident, clerk_and_handler[0]), clerk_and_handler[0])
    with pytest.raises(InternalError), transaction.atomic():
        SharingConsent.objects.filter(pk=consent.pk).update(purpose="别的目的")
    sharing.log_access(consent.evidence, by=clerk_and_handler[0], act="view")
    with pytest.raises(InternalError), transaction.atomic():
        FileAccess.objects.all().delete()


# ---- the copy in hand ----


def test_another_organisation_says_what_for_and_gets_a_marked_copy_on_record(incident, clerk_and_handler, client):
    clerk, handler = clerk_and_handler
    row = medical(incident, clerk)
    agree(row, clerk)
    url = f"/files/evidence/{row.pk}/"

    asked = sign_in(client, handler).get(url)
    assert "看这份材料做什么用" in asked.content.decode() and SECRET not in asked.content.decode()
    assert not FileAccess.objects.exists()
    given = client.get(url, {"purpose": "核对医疗费金额"})
    assert given.content != slip(("medical",)) and given.content.startswith(b"%PDF")
    look = FileAccess.objects.get()
    assert (look.organisation_id, look.purpose, look.act, look.name) == (handler.organisation_id, "核对医疗费金额", "view", handler.name)

    own = sign_in(client, clerk).get(url)
    assert b"".join(own.streaming_content) == slip(("medical",)), "the original is untouched"
    said = client.get(f"{url}about/").content.decode()
    assert handler.name in said and "核对医疗费金额" in said
    assert clerk.name not in sign_in(client, handler).get(f"{url}about/").content.decode().split('id="looks"')[1].split("</section>")[0]


def test_a_name_that_tells_of_a_person_is_not_shown_to_who_may_not_read(incident, clerk_and_handler, client):
    medical(incident, clerk_and_handler[0])
    said = sign_in(client, clerk_and_handler[1]).get(f"/cases/{incident.reference}/").content.decode()
    assert SECRET not in said and "敏感个人信息" in said
    assert SECRET in sign_in(client, clerk_and_handler[0]).get(f"/cases/{incident.reference}/").content.decode()


@pytest.mark.pdf
def test_the_archive_names_what_the_asker_may_not_read_by_its_digest(incident, clerk_and_handler):
    clerk, handler = clerk_and_handler
    row = medical(incident, clerk)
    asked = archive.ask(incident, by=handler, purpose="audit")
    archive.build_waiting()
    asked.refresh_from_db()
    assert asked.withheld == 1
    packed = asked.file.open("rb").read()
    assert slip(("medical",)) not in packed, "a PDF is stored as it is, so its bytes would stand there"
    import json
    import zipfile

    with zipfile.ZipFile(io.BytesIO(packed)) as zipped:
        line = json.loads(zipped.read(f"evidence/{incident.reference}.json"))["rows"][0]
        index = zipped.read("index.html").decode()
    assert (line["sha256"], line["path"], line["name"]) == (row.sha256, "", "")
    assert row.sha256 in index and SECRET not in index


@pytest.mark.parametrize(("media_type", "form"), [("image/jpeg", "JPEG"), ("image/png", "PNG"), ("image/webp", "WEBP")])
def test_a_picture_is_marked_all_over_and_keeps_its_size(media_type, form):
    marked = watermark.marked(picture(form=form), media_type, ("南粤财险 陈卓然", "2026-11-23 18:00"))
    with Image.open(io.BytesIO(marked)) as after, Image.open(io.BytesIO(picture(form=form))) as before:
        assert (after.size, after.format) == (before.size, form)
        changed = ImageChops.difference(after.convert("RGB"), before.convert("RGB")).convert("L").point(lambda v: 255 if v > 20 else 0)
        left, top, right, bottom = changed.getbbox()
    assert right - left > 500 and bottom - top > 320, "no corner to cut it off by"


def test_every_page_of_a_pdf_is_marked_in_its_own_size():
    with pikepdf.new() as pdf:
        for size in [(595, 842), (842, 595), (300, 300)]:
            pdf.add_blank_page(page_size=size)
        source = io.BytesIO()
        pdf.save(source)
    with pikepdf.open(io.BytesIO(watermark.marked(source.getvalue(), "application/pdf", ("甲", "乙")))) as after:
        assert [tuple(map(int, p.mediabox))[2:] for p in after.pages] == [(595, 842), (842, 595), (300, 300)]
        assert all(len(p.Resources.XObject) == 1 for p in after.pages)


def test_a_broken_piece_about_a_person_does_not_go_out_unmarked(incident, clerk_and_handler, client):
    clerk, handler = clerk_and_handler
    row = evidence.add(incident, code="other", file=SimpleUploadedFile("x.pdf", b"%PDF-1.4\n broken"), by=clerk)
    assert sharing.copy_for(row, by=handler) is None, "an ordinary one goes out as it is"
    sharing.set_terms(row, by=clerk, source="", sensitivity="personal", audience=(), purpose="核对身份")
    agree(row, clerk)
    response = sign_in(client, handler).get(f"/files/evidence/{row.pk}/?purpose=x")
    assert response.status_code == 403 and "打不上水印" in response.content.decode()


def test_the_pages_register_terms_ground_and_withdrawal(incident, clerk_and_handler, client):
    clerk, handler = clerk_and_handler
    row = evidence.add(incident, code="other", file=paper(), by=clerk)
    base = f"/files/evidence/{row.pk}"
    sign_in(client, clerk)
    refused = client.post(f"{base}/terms/", {"sensitivity": "sensitive", "source": "", "purpose": ""})
    assert refused.status_code == 422 and "要写明使用目的" in refused.content.decode()
    client.post(f"{base}/terms/", {"sensitivity": "sensitive", "source": "医院", "purpose": "核定"})
    assert not sharing.may_read(Evidence.objects.get(pk=row.pk), handler).allowed
    fields = {"basis": "guardian", "given_by": "李四", "purpose": "理赔", "given_on": str(timezone.localdate()), "proof": "同意书"}
    assert client.post(f"{base}/consents/", fields).status_code == 422, "nobody to give it to"
    client.post(f"{base}/consents/", fields | {"recipients": ["insurer"]})
    assert sharing.may_read(Evidence.objects.get(pk=row.pk), handler).allowed
    consent = SharingConsent.objects.get()
    assert sign_in(client, handler).post(f"/files/consents/{consent.pk}/withdraw/").status_code == 403
    sign_in(client, clerk).post(f"/files/consents/{consent.pk}/withdraw/", {"because": "来电"})
    assert not sharing.may_read(Evidence.objects.get(pk=row.pk), handler).allowed
    assert sign_in(client, make_actor(Role.MANAGER_CLERK)).get(f"{base}/about/").status_code == 404
