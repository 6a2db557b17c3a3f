"""The rules that the database itself holds, whoever writes: totals follow the transfers, transfers never change."""

from __future__ import annotations

import pgtrigger

#: Totals move only from within the trigger on transfers (depth 2: the guard itself runs at the depth of its statement + 1).
GUARD_ACCOUNT = """
    IF TG_OP = 'INSERT' THEN
        IF NEW.debits_posted <> 0 OR NEW.debits_pending <> 0 OR NEW.credits_posted <> 0 OR NEW.credits_pending <> 0 THEN
            RAISE EXCEPTION 'account % must begin at zero', NEW.key;
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.key <> OLD.key OR NEW.is_capped <> OLD.is_capped THEN
        RAISE EXCEPTION 'key and cap of account % never change', OLD.key;
    END IF;
    IF pg_trigger_depth() < 2 AND (NEW.debits_posted, NEW.debits_pending, NEW.credits_posted, NEW.credits_pending)
       IS DISTINCT FROM (OLD.debits_posted, OLD.debits_pending, OLD.credits_posted, OLD.credits_pending) THEN
        RAISE EXCEPTION 'the totals of account % follow its transfers and are never written', OLD.key;
    END IF;
    RETURN NEW;
"""

#: What a settling or reversing transfer refers to must fit it.
CHECK_TRANSFER = """
    IF NEW.kind IN ('post', 'void', 'expire') THEN
        SELECT * INTO origin FROM ledger_transfer WHERE id = NEW.reservation_id;
        IF origin.kind <> 'reserve' THEN RAISE EXCEPTION 'transfer % settles no reservation', NEW.key; END IF;
        IF NEW.amount > origin.amount OR (NEW.kind <> 'post' AND NEW.amount <> origin.amount) THEN
            RAISE EXCEPTION 'transfer % does not fit the % reserved', NEW.key, origin.amount;
        END IF;
    ELSIF NEW.kind = 'reverse' THEN
        SELECT * INTO origin FROM ledger_transfer WHERE id = NEW.reverses_id;
        IF origin.kind NOT IN ('transfer', 'post') THEN RAISE EXCEPTION 'transfer % reverses nothing posted', NEW.key; END IF;
        IF NEW.amount <> origin.amount THEN RAISE EXCEPTION 'transfer % must reverse % whole', NEW.key, origin.amount; END IF;
    ELSE
        RETURN NEW;
    END IF;
    IF NEW.debit_id <> origin.debit_id OR NEW.credit_id <> origin.credit_id THEN
        RAISE EXCEPTION 'transfer % names other accounts than its origin', NEW.key;
    END IF;
    RETURN NEW;
"""

#: A reversal takes back both sides (红字冲销), so a limit keeps its size and its use goes down.
KEEP_TOTALS = """
    posted := CASE NEW.kind WHEN 'transfer' THEN NEW.amount WHEN 'post' THEN NEW.amount WHEN 'reverse' THEN -NEW.amount ELSE 0 END;
    pending := 0;
    IF NEW.kind = 'reserve' THEN
        pending := NEW.amount;
    ELSIF NEW.reservation_id IS NOT NULL THEN
        SELECT -amount INTO pending FROM ledger_transfer WHERE id = NEW.reservation_id;
    END IF;
    UPDATE ledger_account SET debits_posted = debits_posted + posted, debits_pending = debits_pending + pending
        WHERE id = NEW.debit_id;
    UPDATE ledger_account SET credits_posted = credits_posted + posted, credits_pending = credits_pending + pending
        WHERE id = NEW.credit_id;
    RETURN NULL;
"""

ACCOUNT = [
    pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
    pgtrigger.Trigger(name="guard", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=GUARD_ACCOUNT),
]
TRANSFER = [
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    pgtrigger.Trigger(
        name="fits", when=pgtrigger.Before, operation=pgtrigger.Insert, declare=[("origin", "ledger_transfer%ROWTYPE")], func=CHECK_TRANSFER
    ),
    pgtrigger.Trigger(
        name="totals",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        declare=[("posted", "NUMERIC"), ("pending", "NUMERIC")],
        func=KEEP_TOTALS,
    ),
]
