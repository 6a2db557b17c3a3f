"""Floor 1: what every case is: reference, steps, guards, evidence, audit trail, deadlines, tasks, outbox. Knows no app."""
