"""卷宗核验程序。只用 Python 自带的库（3.8 或更新），不联网，不写文件。

用法：  python verify.py 卷宗.zip        核验压缩包
        python verify.py 文件夹          核验解压后的文件夹
        python verify.py                 核验本程序所在的文件夹
退出码：0 相符；1 有不符，说明第一处在哪里；2 读不出来，不是卷宗或者不完整。
"""

import hashlib
import json
import os
import sys
import zipfile
from decimal import Decimal

FORMAT = "tibao-archive/1"
MANIFEST = "manifest.json"
#: 每条记录的摘要按这个次序取自这些内容，与系统内部相同。
COVERED = (
    "previous", "id", "case_id", "number", "topic", "source", "target", "actor_user_id", "actor_organisation_id",
    "actor_name", "on_behalf_of", "happened_at", "recorded_at", "law_release", "provisions", "facts_digest",
)  # fmt: skip
#: 当事人凭专属链接办理的，还有这两项。
BY_LINK = ("link_id", "identified_by")
#: 本人凭专用链接办理的，还有这两项。
BY_LINK = ("link_id", "identified_by")


class Unreadable(Exception):
    """不是卷宗，或者缺了读它所必需的文件。"""


class Mismatch(Exception):
    """第一处不符。"""


def digest(*parts):
    running = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8")
        running.update(str(len(data)).encode() + b":" + data)
    return running.hexdigest()


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Zipped:
    def __init__(self, path):
        try:
            self.zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as error:
            raise Unreadable("打不开这个压缩包：%s" % error)
        names = [info.filename for info in self.zip.infolist() if not info.filename.endswith("/")]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise Mismatch("压缩包里有两个同名文件：%s" % twice[0])
        self.names = set(names)

    def open(self, name):
        return self.zip.open(name)


class Folder:
    def __init__(self, path):
        self.path = path
        self.names = set()
        for folder, below, files in os.walk(path):
            below[:] = [name for name in below if name != "__pycache__"]
            for name in files:
                self.names.add(os.path.relpath(os.path.join(folder, name), path).replace(os.sep, "/"))

    def open(self, name):
        return open(os.path.join(self.path, *name.split("/")), "rb")


def sha256_of(source, name):
    running = hashlib.sha256()
    try:
        with source.open(name) as stream:
            for piece in iter(lambda: stream.read(262144), b""):
                running.update(piece)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
        raise Mismatch("文件已损坏，读不出来：%s（%s）" % (name, error))
    return running.hexdigest()


def read_json(source, name):
    try:
        with source.open(name) as stream:
            return json.loads(stream.read().decode("utf-8"))
    except KeyError:
        raise Unreadable("缺少 %s" % name)
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise Unreadable("%s 读不出来：%s" % (name, error))


def check_manifest(source):
    if MANIFEST not in source.names:
        raise Unreadable("缺少 %s，这不是一份完整的卷宗。" % MANIFEST)
    manifest = read_json(source, MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Unreadable("这不是本程序认得的卷宗格式（%s）。" % FORMAT)
    listed = {}
    for row in manifest["files"]:
        name = row["path"]
        listed[name] = row["sha256"]
        if name not in source.names:
            raise Mismatch("清单里有、卷宗里没有的文件：%s（%s）" % (name, row["title"]))
        if sha256_of(source, name) != row["sha256"]:
            raise Mismatch("文件被改动：%s（%s）" % (name, row["title"]))
    extra = sorted(source.names - set(listed) - {MANIFEST})
    if extra:
        raise Mismatch("卷宗里有、清单里没有的文件：%s" % extra[0])
    return manifest, listed


def check_chain(case, rows, counts):
    """一个案件的记录链：逐条相接，内容与摘要相符，末条与目录所列相符。返回各条记录的编号。"""
    reference = case["reference"]
    previous, state, ids = digest("tibao", reference), "", {}
    for expected, row in enumerate(rows, 1):
        covered, where = row["covered"], "%s 第 %d 条记录（%s）" % (reference, expected, row.get("label", ""))
        if covered["number"] != str(expected) or row["number"] != expected:
            raise Mismatch("%s：编号不连续，缺了或者多了一条。" % where)
        if covered["previous"] != previous:
            raise Mismatch("%s：与前一条接不上。" % where)
        if covered["source"] != state:
            raise Mismatch("%s：不是从前一条留下的状态出发的。" % where)
        if row.get("is_masked"):
            counts["隐名"] += 1
        elif digest(*[covered[name] for name in COVERED + (BY_LINK if "link_id" in covered else ())]) != row["digest"]:
            raise Mismatch("%s：内容被改动。" % where)
        check_facts(row, covered, where, counts)
        ids[covered["id"]] = covered["recorded_at"]
        previous, state = row["digest"], covered["target"]
    if len(rows) != case["events"]:
        raise Mismatch("%s：目录说有 %d 条记录，实际 %d 条。" % (reference, case["events"], len(rows)))
    if previous != case["head"] and rows:
        raise Mismatch("%s：末条记录的摘要与目录所列不同。" % reference)
    if state != case["state"]:
        raise Mismatch("%s：目录所列状态与末条记录不同。" % reference)
    counts["记录"] += len(rows)
    return ids


def check_facts(row, covered, where, counts):
    kinds = [name for name in ("record", "erased", "withheld", "lost") if name in row]
    if len(kinds) != 1:
        raise Mismatch("%s：没有写明内容在不在。" % where)
    if "lost" in row:
        raise Mismatch("%s：内容不见了，又没有依法删除的记载。" % where)
    if "erased" in row:
        counts["依法删除"] += 1
    elif "withheld" in row:
        counts["未收录"] += 1
    else:
        kept = row["record"]
        if digest(kept["salt"], canonical(kept["facts"]), canonical(kept["changes"])) != covered["facts_digest"]:
            raise Mismatch("%s：所记事实被改动。" % where)
        counts["内容"] += 1


def check_papers(source, listed, chains, counts):
    if "papers.json" not in source.names:
        return
    for row in read_json(source, "papers.json")["rows"]:
        where = "文书 %s《%s》" % (row["serial"], row["title"])
        ids = chains.get(row["case"], {})
        if row["event"] not in ids:
            raise Mismatch("%s：找不到签发它的那条记录。" % where)
        if row["path"] and listed.get(row["path"]) != row["sha256"]:
            raise Mismatch("%s：与签发时的文件不同。" % where)
        counts["文书"] += 1


def check_evidence(source, listed, counts):
    for name in sorted(n for n in source.names if n.startswith("evidence/") and n.endswith(".json")):
        content = read_json(source, name)
        for number, row in enumerate(content["rows"], 1):
            where = "%s 证据第 %d 件（%s）" % (content["reference"], number, row["label"])
            if row["path"] and listed.get(row["path"]) != row["sha256"]:
                raise Mismatch("%s：与上传时的文件不同。" % where)
            counts["证据" if row["path"] else "未收录的证据"] += 1


def check_deadlines(source, chains, counts):
    for name in sorted(n for n in source.names if n.startswith("deadlines/")):
        content = read_json(source, name)
        for row in content["rows"]:
            if row["start_event"] not in chains.get(content["reference"], {}):
                raise Mismatch("%s 期限“%s”：找不到它起算的那条记录。" % (content["reference"], row["label"]))
            counts["期限"] += 1


def check_ledger(source, chains, counts):
    """从分录重算每个账户，借贷相等，并与所列余额比对。"""
    if "ledger.json" not in source.names:
        return
    ledger, sums, reserved = read_json(source, "ledger.json"), {}, {}
    zero = Decimal("0.00")
    for number, row in enumerate(ledger["transfers"], 1):
        where, amount, kind = "第 %d 笔分录（%s）" % (number, row["memo"] or row["key"]), Decimal(row["amount"]), row["kind"]
        if amount <= 0 or row["debit"] == row["credit"]:
            raise Mismatch("%s：金额或者账户不对。" % where)
        if row["event"] and row["event"] not in chains.get(row["case"], {}):
            raise Mismatch("%s：找不到记它的那条记录。" % where)
        held = zero
        if kind == "reserve":
            reserved[row["key"]] = amount
            held = amount
        elif kind in ("post", "void", "expire"):
            if row["reservation"] not in reserved:
                raise Mismatch("%s：找不到它所结清的预留。" % where)
            held = -reserved.pop(row["reservation"])
            if kind == "post" and amount > -held:
                raise Mismatch("%s：付出多于预留。" % where)
        posted = {"transfer": amount, "post": amount, "reverse": -amount}.get(kind, zero)
        for side, account in (("debit", row["debit"]), ("credit", row["credit"])):
            total = sums.setdefault(account, {"debit": zero, "credit": zero, "held_debit": zero, "held_credit": zero})
            total[side] += posted
            total["held_" + side] += held
        counts["分录"] += 1
    listed = {row["key"]: row for row in ledger["balances"]}
    if set(listed) != set(sums):
        raise Mismatch("余额表与分录涉及的账户不一致：%s" % sorted(set(listed) ^ set(sums))[0])
    for key in sorted(sums):
        for side, value in sums[key].items():
            if Decimal(listed[key][side]) != value:
                raise Mismatch("账户 %s：所列余额 %s 与分录重算的 %s 不同。" % (key, listed[key][side], value))
    if sum((t["debit"] for t in sums.values()), zero) != sum((t["credit"] for t in sums.values()), zero):
        raise Mismatch("全部账户的借方与贷方不相等。")


def verify(path):
    source = Folder(path) if os.path.isdir(path) else Zipped(path)
    counts = dict.fromkeys(("文件", "记录", "内容", "依法删除", "未收录", "隐名", "文书", "证据", "未收录的证据", "期限", "分录"), 0)
    manifest, listed = check_manifest(source)
    counts["文件"] = len(listed)
    index, chains = read_json(source, "index.json"), {}
    for case in index["cases"]:
        name = "events/%s.json" % case["reference"]
        if name not in listed:
            raise Mismatch("缺少案件 %s 的记录。" % case["reference"])
        chains[case["reference"]] = check_chain(case, read_json(source, name)["rows"], counts)
    check_papers(source, listed, chains, counts)
    check_evidence(source, listed, counts)
    check_deadlines(source, chains, counts)
    check_ledger(source, chains, counts)
    return manifest, sha256_of(source, MANIFEST), counts


def main(arguments):
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 2
    path = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
    try:
        if not os.path.exists(path):
            raise Unreadable("没有这个文件或者文件夹：%s" % path)
        manifest, own, counts = verify(path)
    except Mismatch as found:
        print("不符。第一处：%s" % found)
        return 1
    except Unreadable as found:
        print("读不出来。%s" % found)
        return 2
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        print("不符。第一处：文件的结构被改动（%s: %s）" % (type(error).__name__, error))
        return 1
    print("相符。案号 %s，截至 %s。" % (manifest["reference"], manifest["as_of"]))
    print("，".join("%s %d" % pair for pair in counts.items() if pair[1]) + "。")
    print("清单摘要（SHA-256）：%s" % own)
    print("请把清单摘要与出具单位在系统里看到的对照；相同，就是当时生成的那一份。")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
