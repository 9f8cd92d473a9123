"""The first tables"""

import sqlalchemy as sa
from alembic import op

from trim.store import append_only
from trim.store.columns import UtcInstant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=64), nullable=False),
        sa.Column("worker", sa.String(length=64), nullable=False),
        sa.Column("until_at", UtcInstant(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=64), nullable=True),
        sa.Column("set_aside_at", UtcInstant(), nullable=True),
        sa.CheckConstraint("subject_kind IN ('step','escalation','notice')", name=op.f("ck_claim_subject_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_table(
        "fact",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("quarter", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("incident_kind", sa.String(length=64), nullable=True),
        sa.Column("exposure", sa.String(length=64), nullable=True),
        sa.Column("staff_group", sa.String(length=64), nullable=True),
        sa.Column("category", sa.String(length=64), nullable=True),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.CheckConstraint("state IN ('open','counted','late')", name=op.f("ck_fact_state")),
        sa.CheckConstraint("weight IN (1,-1)", name=op.f("ck_fact_weight")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_fact_handle"), "fact", ["handle"], unique=False)
    op.create_index(
        "ix_fact_late",
        "fact",
        ["quarter"],
        unique=False,
        sqlite_where=sa.text("state = 'late'"),
        postgresql_where=sa.text("state = 'late'"),
    )
    op.create_index("ix_fact_quarter_kind", "fact", ["quarter", "kind", "unit_id"], unique=False)
    op.create_table(
        "fact_intake",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_intake")),
        sa.UniqueConstraint("handle", name=op.f("uq_fact_intake_handle")),
    )
    op.create_table(
        "job",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", UtcInstant(), nullable=True),
        sa.Column("started_at", UtcInstant(), nullable=True),
        sa.Column("ended_at", UtcInstant(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("did", sa.Integer(), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=64), nullable=True),
        sa.Column("failed_at", UtcInstant(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
    )
    op.create_table(
        "job_run",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("worker", sa.String(length=64), nullable=False),
        sa.Column("started_at", UtcInstant(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("did", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
    )
    op.create_index("ix_job_run_started", "job_run", ["started_at", "id"], unique=False)
    op.create_table(
        "pack_version",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("behaviour_hash", sa.String(length=64), nullable=False),
        sa.Column("wording_hash", sa.String(length=64), nullable=False),
        sa.Column("compiled", sa.Text(), nullable=False),
        sa.Column("installed_at", UtcInstant(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_version")),
        sa.UniqueConstraint(
            "name", "behaviour_hash", "wording_hash", name=op.f("uq_pack_version_name_behaviour_hash_wording_hash")
        ),
    )
    op.create_index(op.f("ix_pack_version_name"), "pack_version", ["name"], unique=False)
    op.create_table(
        "release",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(length=64), nullable=True),
        sa.Column("period_from", sa.String(length=7), nullable=False),
        sa.Column("period_to", sa.String(length=7), nullable=False),
        sa.Column("released_at", UtcInstant(), nullable=False),
        sa.Column("released_by", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'correction') = (corrects IS NOT NULL)", name=op.f("ck_release_correction_names_what")
        ),
        sa.CheckConstraint("kind IN ('release','correction')", name=op.f("ck_release_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("number", name=op.f("uq_release_number")),
    )
    op.create_table(
        "release_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("period_from", sa.String(length=7), nullable=False),
        sa.Column("period_to", sa.String(length=7), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(length=64), nullable=True),
        sa.Column("asked_at", UtcInstant(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=True),
        sa.Column("stage_done", sa.Integer(), nullable=False),
        sa.Column("stage_of", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", UtcInstant(), nullable=True),
        sa.Column("begun_at", UtcInstant(), nullable=True),
        sa.Column("ended_at", UtcInstant(), nullable=True),
        sa.Column("release_number", sa.Integer(), nullable=True),
        sa.Column("refused_because", sa.String(length=64), nullable=True),
        sa.Column("refused_about", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "(state = 'published') = (release_number IS NOT NULL)",
            name=op.f("ck_release_request_published_has_its_number"),
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refused_because IS NOT NULL)", name=op.f("ck_release_request_refused_for_a_reason")
        ),
        sa.CheckConstraint(
            "state IN ('asked','making') OR claimed_by IS NULL",
            name=op.f("ck_release_request_claimed_while_unfinished"),
        ),
        sa.CheckConstraint(
            "state IN ('asked','making','published','refused','taken_back')", name=op.f("ck_release_request_state")
        ),
        sa.CheckConstraint(
            "(corrects IS NULL) = (cause IS NULL)", name=op.f("ck_release_request_correction_has_its_cause")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_request")),
        sa.UniqueConstraint("release_number", name=op.f("uq_release_request_release_number")),
    )
    op.create_index("ix_release_request_asked", "release_request", ["asked_at", "id"], unique=False)
    op.create_index(
        "uq_release_request_unfinished",
        "release_request",
        ["period_from", "period_to"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked','making')"),
        postgresql_where=sa.text("state IN ('asked','making')"),
    )
    op.create_table(
        "retention_warning",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("due_at", UtcInstant(), nullable=False),
        sa.Column("warned_at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_warning")),
        sa.UniqueConstraint(
            "subject_kind", "subject_id", "due_at", name=op.f("uq_retention_warning_subject_kind_subject_id_due_at")
        ),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "sign_in_guard",
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", UtcInstant(), nullable=False),
        sa.Column("locked_until", UtcInstant(), nullable=True),
        sa.Column("last_code", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("address_digest", name=op.f("pk_sign_in_guard")),
    )
    op.create_table(
        "trail_checkpoint",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=100), nullable=False),
        sa.Column("frontier", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_trail_checkpoint")),
    )
    op.create_table(
        "trail_entry",
        sa.Column("chain", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", "number", name=op.f("pk_trail_entry")),
    )
    op.create_index("ix_trail_entry_actor", "trail_entry", ["actor_id", "at"], unique=False)
    op.create_index("ix_trail_entry_at", "trail_entry", ["at", "chain", "number"], unique=False)
    op.create_index("ix_trail_entry_what", "trail_entry", ["what", "at", "chain", "number", "actor_id"], unique=False)
    op.create_table(
        "trail_head",
        sa.Column("chain", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_trail_head")),
    )
    op.create_table(
        "trail_leaf",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_trail_leaf")),
    )
    op.create_index("ix_trail_leaf_chain", "trail_leaf", ["chain", "number"], unique=False)
    op.create_table(
        "trail_subject",
        sa.Column("chain", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("chain", "number", "subject", name=op.f("pk_trail_subject")),
    )
    op.create_index("ix_trail_subject_subject", "trail_subject", ["subject", "chain", "number"], unique=False)
    op.create_table(
        "unit",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_name")),
    )
    op.create_index(op.f("ix_unit_parent_id"), "unit", ["parent_id"], unique=False)
    op.create_table(
        "worker",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("started_at", UtcInstant(), nullable=False),
        sa.Column("beat_at", UtcInstant(), nullable=False),
        sa.Column("stopped_at", UtcInstant(), nullable=True),
        sa.Column("ticks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    op.create_index(op.f("ix_worker_beat_at"), "worker", ["beat_at"], unique=False)
    op.create_table(
        "headcount",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("quarter", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_headcount_people")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_headcount_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_headcount")),
        sa.UniqueConstraint("unit_id", "quarter", name=op.f("uq_headcount_unit_id_quarter")),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("pack_version_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=64), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("occurred_at", UtcInstant(), nullable=False),
        sa.Column("time_known", sa.Boolean(), nullable=False),
        sa.Column("became_known_at", UtcInstant(), nullable=False),
        sa.Column("reported_by", sa.String(length=64), nullable=False),
        sa.Column("evidence_hold", sa.Boolean(), nullable=False),
        sa.Column("groups_cleared", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("count_reported", sa.Integer(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("import_key", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("count_reported >= 1", name=op.f("ck_incident_counts_itself")),
        sa.ForeignKeyConstraint(
            ["pack_version_id"], ["pack_version.id"], name=op.f("fk_incident_pack_version_id_pack_version")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_incident_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("import_key", name=op.f("uq_incident_import_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_incident_ref")),
    )
    op.create_index("ix_incident_newest", "incident", ["occurred_at", "id"], unique=False)
    op.create_index(op.f("ix_incident_occurred_on"), "incident", ["occurred_on"], unique=False)
    op.create_index(op.f("ix_incident_pack_version_id"), "incident", ["pack_version_id"], unique=False)
    op.create_index("ix_incident_restricted", "incident", ["restricted", "id"], unique=False)
    op.create_index("ix_incident_state_newest", "incident", ["state", "occurred_at", "id"], unique=False)
    op.create_index("ix_incident_unit_kind", "incident", ["unit_id", "kind", "occurred_at"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("staff_number", sa.String(length=64), nullable=True),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("staff_group", sa.String(length=64), nullable=False),
        sa.Column("line_manager_id", sa.String(length=32), nullable=True),
        sa.Column("line_manager_known", sa.Boolean(), nullable=False),
        sa.Column("generated", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["line_manager_id"], ["person.id"], name=op.f("fk_person_line_manager_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("staff_number", name=op.f("uq_person_staff_number")),
    )
    op.create_index(op.f("ix_person_line_manager_id"), "person", ["line_manager_id"], unique=False)
    op.create_index(op.f("ix_person_name"), "person", ["name"], unique=False)
    op.create_index(op.f("ix_person_name_key"), "person", ["name_key"], unique=False)
    op.create_index(op.f("ix_person_unit_id"), "person", ["unit_id"], unique=False)
    op.create_table(
        "tombstone",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("key_owner", sa.String(length=80), nullable=False),
        sa.Column("erased_at", UtcInstant(), nullable=False),
        sa.Column("key_destroyed_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_tombstone_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone")),
        sa.UniqueConstraint("key_owner", name=op.f("uq_tombstone_key_owner")),
    )
    op.create_index(op.f("ix_tombstone_key_destroyed_at"), "tombstone", ["key_destroyed_at"], unique=False)
    op.create_index("ix_tombstone_unit", "tombstone", ["unit_id", "erased_at", "id"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", UtcInstant(), nullable=True),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("mf_recovery_codes", sa.String(length=2000), nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.Column("deactivated_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
    )
    op.create_index(op.f("ix_account_person_id"), "account", ["person_id"], unique=True)
    op.create_table(
        "planning_meeting",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.String(length=32), nullable=False),
        sa.Column("held_at", UtcInstant(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_planning_meeting_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_meeting")),
    )
    op.create_index(op.f("ix_planning_meeting_incident_id"), "planning_meeting", ["incident_id"], unique=False)
    op.create_table(
        "undertaking",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("pack_version_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.String(length=32), nullable=True),
        sa.Column("opened_at", UtcInstant(), nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("agreed_at", UtcInstant(), nullable=True),
        sa.Column("closed_at", UtcInstant(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('group_session','periodic_check','pair','mediation')", name=op.f("ck_undertaking_kind")
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_undertaking_incident_id_incident")),
        sa.ForeignKeyConstraint(
            ["pack_version_id"], ["pack_version.id"], name=op.f("fk_undertaking_pack_version_id_pack_version")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_undertaking_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undertaking")),
        sa.UniqueConstraint("ref", name=op.f("uq_undertaking_ref")),
    )
    op.create_index("ix_undertaking_incident", "undertaking", ["incident_id", "opened_at", "id"], unique=False)
    op.create_index(op.f("ix_undertaking_pack_version_id"), "undertaking", ["pack_version_id"], unique=False)
    op.create_index("ix_undertaking_unit", "undertaking", ["unit_id", "kind", "opened_at", "id"], unique=False)
    op.create_table(
        "access_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("person_index", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", UtcInstant(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("identity_how", sa.String(length=64), nullable=True),
        sa.Column("identity_checked_at", UtcInstant(), nullable=True),
        sa.Column("identity_checked_by", sa.String(length=64), nullable=True),
        sa.Column("reviewer_id", sa.String(length=32), nullable=True),
        sa.Column("reviewed_at", UtcInstant(), nullable=True),
        sa.Column("made_at", UtcInstant(), nullable=True),
        sa.Column("handed_how", sa.String(length=64), nullable=True),
        sa.Column("handed_on", sa.Date(), nullable=True),
        sa.Column("ended_code", sa.String(length=64), nullable=True),
        sa.Column("ended_at", UtcInstant(), nullable=True),
        sa.Column("marks", sa.LargeBinary(), nullable=True),
        sa.Column("package", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "state IN ('recorded','checked','reviewed','made','handed_over','refused','withdrawn')",
            name=op.f("ck_access_request_state"),
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["account.id"], name=op.f("fk_access_request_reviewer_id_account")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_access_request_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request")),
        sa.UniqueConstraint("ref", name=op.f("uq_access_request_ref")),
    )
    op.create_index(op.f("ix_access_request_person_index"), "access_request", ["person_index"], unique=False)
    op.create_index(op.f("ix_access_request_reviewer_id"), "access_request", ["reviewer_id"], unique=False)
    op.create_index(
        "ix_access_request_unit_state", "access_request", ["unit_id", "state", "due_on", "id"], unique=False
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcInstant(), nullable=False),
        sa.Column("ended_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_calendar_feed_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_calendar_feed_token_digest")),
    )
    op.create_index("ix_calendar_feed_account", "calendar_feed", ["account_id", "made_at", "id"], unique=False)
    op.create_table(
        "duty_turn",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("from_at", UtcInstant(), nullable=False),
        sa.Column("until_at", UtcInstant(), nullable=False),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_duty_turn_ends_after_start")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_duty_turn_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_turn")),
    )
    op.create_index(op.f("ix_duty_turn_account_id"), "duty_turn", ["account_id"], unique=False)
    op.create_index(op.f("ix_duty_turn_from_at"), "duty_turn", ["from_at"], unique=False)
    op.create_index(op.f("ix_duty_turn_until_at"), "duty_turn", ["until_at"], unique=False)
    op.create_table(
        "ended_session",
        sa.Column("session_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("ended_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ended_session_account_id_account")),
        sa.PrimaryKeyConstraint("session_digest", name=op.f("pk_ended_session")),
    )
    op.create_index(op.f("ix_ended_session_account_id"), "ended_session", ["account_id"], unique=False)
    op.create_index(op.f("ix_ended_session_ended_at"), "ended_session", ["ended_at"], unique=False)
    op.create_table(
        "how_told",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("digest_minute", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("days", sa.String(length=7), nullable=False),
        sa.Column("changed_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_how_told_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_how_told")),
        sa.UniqueConstraint("account_id", name=op.f("uq_how_told_account_id")),
    )
    op.create_table(
        "incident_reader",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_incident_reader_account_id_account")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_reader_incident_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_reader")),
        sa.UniqueConstraint("incident_id", "account_id", name=op.f("uq_incident_reader_incident_id_account_id")),
    )
    op.create_index(op.f("ix_incident_reader_account_id"), "incident_reader", ["account_id"], unique=False)
    op.create_index(op.f("ix_incident_reader_incident_id"), "incident_reader", ["incident_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=True),
        sa.Column("made_at", UtcInstant(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("renews", sa.Boolean(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("refused_at", UtcInstant(), nullable=True),
        sa.Column("expires_at", UtcInstant(), nullable=False),
        sa.Column("used_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_invitation_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitation_token_digest")),
    )
    op.create_index(op.f("ix_invitation_account_id"), "invitation", ["account_id"], unique=False)
    op.create_table(
        "leave",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("noted_at", UtcInstant(), nullable=False),
        sa.Column("noted_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_leave_ends_after_start")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_leave_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    op.create_index(op.f("ix_leave_account_id"), "leave", ["account_id"], unique=False)
    op.create_table(
        "pack_proposal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("compiled", sa.Text(), nullable=False),
        sa.Column("base_id", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", UtcInstant(), nullable=False),
        sa.Column("proposed_by", sa.String(length=32), nullable=False),
        sa.Column("decided_at", UtcInstant(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (outcome IS NULL)", name=op.f("ck_pack_proposal_decided_with_outcome")
        ),
        sa.ForeignKeyConstraint(["base_id"], ["pack_version.id"], name=op.f("fk_pack_proposal_base_id_pack_version")),
        sa.ForeignKeyConstraint(["proposed_by"], ["account.id"], name=op.f("fk_pack_proposal_proposed_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_proposal")),
    )
    op.create_index(op.f("ix_pack_proposal_name"), "pack_proposal", ["name"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("from_at", UtcInstant(), nullable=False),
        sa.Column("until_at", UtcInstant(), nullable=True),
        sa.Column("given_by", sa.String(length=64), nullable=False),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id_account")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_grant_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_account_id"), "role_grant", ["account_id"], unique=False)
    op.create_index(op.f("ix_role_grant_unit_id"), "role_grant", ["unit_id"], unique=False)
    op.create_table(
        "support_case",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("pack_version_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_index", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.String(length=32), nullable=True),
        sa.Column("practitioner_id", sa.String(length=32), nullable=True),
        sa.Column("proposed_practitioner_id", sa.String(length=32), nullable=True),
        sa.Column("direct_referral", sa.Boolean(), nullable=False),
        sa.Column("contact_attempts", sa.Integer(), nullable=False),
        sa.Column("came_by", sa.String(length=64), nullable=False),
        sa.Column("opened_at", UtcInstant(), nullable=False),
        sa.Column("requested_at", UtcInstant(), nullable=True),
        sa.Column("became_known_at", UtcInstant(), nullable=True),
        sa.Column("offer_made_at", UtcInstant(), nullable=True),
        sa.Column("accepted_at", UtcInstant(), nullable=True),
        sa.Column("reopened_at", UtcInstant(), nullable=True),
        sa.Column("closed_at", UtcInstant(), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_support_case_incident_id_incident")),
        sa.ForeignKeyConstraint(
            ["pack_version_id"], ["pack_version.id"], name=op.f("fk_support_case_pack_version_id_pack_version")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["account.id"], name=op.f("fk_support_case_practitioner_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_practitioner_id"], ["account.id"], name=op.f("fk_support_case_proposed_practitioner_id_account")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_support_case_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_case")),
        sa.UniqueConstraint("ref", name=op.f("uq_support_case_ref")),
    )
    op.create_index(op.f("ix_support_case_incident_id"), "support_case", ["incident_id"], unique=False)
    op.create_index(op.f("ix_support_case_pack_version_id"), "support_case", ["pack_version_id"], unique=False)
    op.create_index(op.f("ix_support_case_person_index"), "support_case", ["person_index"], unique=False)
    op.create_index(op.f("ix_support_case_practitioner_id"), "support_case", ["practitioner_id"], unique=False)
    op.create_index(
        "ix_support_case_practitioner_state",
        "support_case",
        ["practitioner_id", "state", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_support_case_proposed_practitioner_id"), "support_case", ["proposed_practitioner_id"], unique=False
    )
    op.create_index(op.f("ix_support_case_unit_id"), "support_case", ["unit_id"], unique=False)
    op.create_index("ix_support_case_unit_state", "support_case", ["unit_id", "state", "opened_at", "id"], unique=False)
    op.create_table(
        "training",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("max_open_cases", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_training_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    op.create_index(op.f("ix_training_account_id"), "training", ["account_id"], unique=False)
    op.create_table(
        "undertaking_goal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("undertaking_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("set_at", UtcInstant(), nullable=False),
        sa.Column("measured_at", UtcInstant(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["undertaking_id"], ["undertaking.id"], name=op.f("fk_undertaking_goal_undertaking_id_undertaking")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undertaking_goal")),
        sa.UniqueConstraint("undertaking_id", "number", name=op.f("uq_undertaking_goal_undertaking_id_number")),
    )
    op.create_table(
        "undertaking_leader",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("undertaking_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("since", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_undertaking_leader_account_id_account")),
        sa.ForeignKeyConstraint(
            ["undertaking_id"], ["undertaking.id"], name=op.f("fk_undertaking_leader_undertaking_id_undertaking")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undertaking_leader")),
        sa.UniqueConstraint(
            "undertaking_id", "account_id", name=op.f("uq_undertaking_leader_undertaking_id_account_id")
        ),
    )
    op.create_index(op.f("ix_undertaking_leader_account_id"), "undertaking_leader", ["account_id"], unique=False)
    op.create_table(
        "undertaking_line_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("undertaking_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("clear", sa.Boolean(), nullable=False),
        sa.Column("answered_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_undertaking_line_answer_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["undertaking_id"], ["undertaking.id"], name=op.f("fk_undertaking_line_answer_undertaking_id_undertaking")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undertaking_line_answer")),
    )
    op.create_index(
        op.f("ix_undertaking_line_answer_account_id"), "undertaking_line_answer", ["account_id"], unique=False
    )
    op.create_index(
        "ix_undertaking_line_answer_newest",
        "undertaking_line_answer",
        ["undertaking_id", "account_id", "answered_at"],
        unique=False,
    )
    op.create_table(
        "undertaking_meeting",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("undertaking_id", sa.String(length=32), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("held_at", UtcInstant(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("head_count", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["undertaking_id"], ["undertaking.id"], name=op.f("fk_undertaking_meeting_undertaking_id_undertaking")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undertaking_meeting")),
    )
    op.create_index(
        "ix_undertaking_meeting_held", "undertaking_meeting", ["undertaking_id", "held_at", "id"], unique=False
    )
    op.create_table(
        "action_record",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("from_state", sa.String(length=64), nullable=False),
        sa.Column("to_state", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("actor_role", sa.String(length=64), nullable=False),
        sa.Column("done_at", UtcInstant(), nullable=False),
        sa.Column("pack_version_id", sa.String(length=32), nullable=False),
        sa.Column("corrects_id", sa.String(length=32), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_action_record_case_id_support_case")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["action_record.id"], name=op.f("fk_action_record_corrects_id_action_record")
        ),
        sa.ForeignKeyConstraint(
            ["pack_version_id"], ["pack_version.id"], name=op.f("fk_action_record_pack_version_id_pack_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_record")),
    )
    op.create_index("ix_action_record_case", "action_record", ["case_id", "done_at", "id"], unique=False)
    op.create_index(op.f("ix_action_record_corrects_id"), "action_record", ["corrects_id"], unique=False)
    op.create_index(op.f("ix_action_record_subject_id"), "action_record", ["subject_id"], unique=False)
    op.create_table(
        "agreed_step",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("pack_version_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agreed_at", UtcInstant(), nullable=False),
        sa.Column("planned_for", UtcInstant(), nullable=False),
        sa.Column("ended_at", UtcInstant(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_agreed_step_case_id_support_case")),
        sa.ForeignKeyConstraint(
            ["pack_version_id"], ["pack_version.id"], name=op.f("fk_agreed_step_pack_version_id_pack_version")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_agreed_step_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_step")),
        sa.UniqueConstraint("ref", name=op.f("uq_agreed_step_ref")),
    )
    op.create_index(op.f("ix_agreed_step_case_id"), "agreed_step", ["case_id"], unique=False)
    op.create_index(op.f("ix_agreed_step_unit_id"), "agreed_step", ["unit_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("starts_at", UtcInstant(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcInstant(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", UtcInstant(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=True),
        sa.Column("invite_after", UtcInstant(), nullable=True),
        sa.Column("invite_attempts", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("state IN ('agreed','kept','missed','called_off')", name=op.f("ck_appointment_state")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_appointment_takes_time")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_appointment_case_id_support_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index("ix_appointment_case", "appointment", ["case_id", "starts_at", "id"], unique=False)
    op.create_index("ix_appointment_invite_after", "appointment", ["invite_after", "id"], unique=False)
    op.create_table(
        "assessment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("instrument", sa.String(length=64), nullable=False),
        sa.Column("instrument_version", sa.String(length=64), nullable=False),
        sa.Column("pack_version_id", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("held_at", UtcInstant(), nullable=False),
        sa.Column("recorded_at", UtcInstant(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("supersedes_id", sa.String(length=32), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("status IN ('current','corrected','removed')", name=op.f("ck_assessment_status")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_assessment_case_id_support_case")),
        sa.ForeignKeyConstraint(
            ["pack_version_id"], ["pack_version.id"], name=op.f("fk_assessment_pack_version_id_pack_version")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["assessment.id"], name=op.f("fk_assessment_supersedes_id_assessment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index("ix_assessment_case", "assessment", ["case_id", "status", "recorded_at"], unique=False)
    op.create_index(op.f("ix_assessment_supersedes_id"), "assessment", ["supersedes_id"], unique=False)
    op.create_table(
        "assessment_draft",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcInstant(), nullable=False),
        sa.Column("saved_by", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["support_case.id"], name=op.f("fk_assessment_draft_case_id_support_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_draft")),
        sa.UniqueConstraint("case_id", "step", name=op.f("uq_assessment_draft_case_id_step")),
    )
    op.create_index(op.f("ix_assessment_draft_case_id"), "assessment_draft", ["case_id"], unique=False)
    op.create_table(
        "break_glass",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("ground", sa.String(length=64), nullable=False),
        sa.Column("opened_at", UtcInstant(), nullable=False),
        sa.Column("until_at", UtcInstant(), nullable=False),
        sa.Column("ended_at", UtcInstant(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("delay_ground", sa.String(length=64), nullable=True),
        sa.Column("told_after", UtcInstant(), nullable=True),
        sa.Column("delay_ended_at", UtcInstant(), nullable=True),
        sa.Column("delay_ended_by", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(delay_ground IS NULL) = (told_after IS NULL)", name=op.f("ck_break_glass_delay_has_its_end")
        ),
        sa.CheckConstraint("until_at > opened_at", name=op.f("ck_break_glass_ends_after_start")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_break_glass_account_id_account")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_break_glass_case_id_support_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
    )
    op.create_index("ix_break_glass_account_until", "break_glass", ["account_id", "until_at"], unique=False)
    op.create_index(op.f("ix_break_glass_case_id"), "break_glass", ["case_id"], unique=False)
    op.create_table(
        "case_link",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column("linked_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_case_link_case_id_support_case")),
        sa.ForeignKeyConstraint(["other_id"], ["support_case.id"], name=op.f("fk_case_link_other_id_support_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_link")),
        sa.UniqueConstraint("case_id", "other_id", name=op.f("uq_case_link_case_id_other_id")),
    )
    op.create_index(op.f("ix_case_link_case_id"), "case_link", ["case_id"], unique=False)
    op.create_index(op.f("ix_case_link_other_id"), "case_link", ["other_id"], unique=False)
    op.create_table(
        "case_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("received_at", UtcInstant(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('request','concern','linked')", name=op.f("ck_case_request_kind")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_case_request_case_id_support_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_request")),
    )
    op.create_index(op.f("ix_case_request_case_id"), "case_request", ["case_id"], unique=False)
    op.create_table(
        "conflict_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("clear", sa.Boolean(), nullable=False),
        sa.Column("answered_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_conflict_answer_account_id_account")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_conflict_answer_case_id_support_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_answer")),
    )
    op.create_index(op.f("ix_conflict_answer_account_id"), "conflict_answer", ["account_id"], unique=False)
    op.create_index(op.f("ix_conflict_answer_case_id"), "conflict_answer", ["case_id"], unique=False)
    op.create_table(
        "disclosure",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("incident_id", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("ground", sa.String(length=64), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", UtcInstant(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("decision", sa.String(length=64), nullable=True),
        sa.Column("decided_at", UtcInstant(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("given", sa.JSON(), nullable=True),
        sa.Column("told", sa.String(length=64), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(decision IS NULL) = (decided_by IS NULL)", name=op.f("ck_disclosure_decided_by_somebody")),
        sa.CheckConstraint("case_id IS NULL OR incident_id IS NULL", name=op.f("ck_disclosure_one_subject")),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> recorded_by", name=op.f("ck_disclosure_second_person")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_disclosure_case_id_support_case")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_disclosure_incident_id_incident")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_disclosure_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("ref", name=op.f("uq_disclosure_ref")),
    )
    op.create_index(op.f("ix_disclosure_case_id"), "disclosure", ["case_id"], unique=False)
    op.create_index(op.f("ix_disclosure_incident_id"), "disclosure", ["incident_id"], unique=False)
    op.create_index("ix_disclosure_newest", "disclosure", ["recorded_at", "id"], unique=False)
    op.create_index("ix_disclosure_unit", "disclosure", ["unit_id", "recorded_at", "id"], unique=False)
    op.create_table(
        "exclusion",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_exclusion_account_id_account")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_exclusion_case_id_support_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion")),
    )
    op.create_index(op.f("ix_exclusion_account_id"), "exclusion", ["account_id"], unique=False)
    op.create_index(op.f("ix_exclusion_case_id"), "exclusion", ["case_id"], unique=False)
    op.create_table(
        "exposure",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.String(length=32), nullable=False),
        sa.Column("person_index", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("became_known_at", UtcInstant(), nullable=False),
        sa.Column("response", sa.String(length=64), nullable=True),
        sa.Column("decided_at", UtcInstant(), nullable=True),
        sa.Column("look_again_on", sa.Date(), nullable=True),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_exposure_case_id_support_case")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_exposure_incident_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure")),
        sa.UniqueConstraint("incident_id", "person_index", name=op.f("uq_exposure_incident_id_person_index")),
    )
    op.create_index(op.f("ix_exposure_case_id"), "exposure", ["case_id"], unique=False)
    op.create_index(op.f("ix_exposure_incident_id"), "exposure", ["incident_id"], unique=False)
    op.create_index(op.f("ix_exposure_person_index"), "exposure", ["person_index"], unique=False)
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("incident_id", sa.String(length=32), nullable=True),
        sa.Column("ground", sa.String(length=64), nullable=False),
        sa.Column("set_at", UtcInstant(), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("lifted_at", UtcInstant(), nullable=True),
        sa.Column("lifted_by", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(case_id IS NULL) <> (incident_id IS NULL)", name=op.f("ck_legal_hold_one_subject")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_legal_hold_case_id_support_case")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_legal_hold_incident_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_case_id"), "legal_hold", ["case_id"], unique=False)
    op.create_index(op.f("ix_legal_hold_incident_id"), "legal_hold", ["incident_id"], unique=False)
    op.create_table(
        "private_link",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcInstant(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcInstant(), nullable=False),
        sa.Column("sent_at", UtcInstant(), nullable=True),
        sa.Column("used_at", UtcInstant(), nullable=True),
        sa.Column("ended_at", UtcInstant(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcInstant(), nullable=True),
        sa.Column("session_digest", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("channel IN ('mail','paper')", name=op.f("ck_private_link_channel")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_private_link_case_id_support_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_link")),
        sa.UniqueConstraint("session_digest", name=op.f("uq_private_link_session_digest")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_private_link_token_digest")),
    )
    op.create_index(op.f("ix_private_link_case_id"), "private_link", ["case_id"], unique=False)
    op.create_table(
        "referral",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("pack_version_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposed_at", UtcInstant(), nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=False),
        sa.Column("sent_at", UtcInstant(), nullable=True),
        sa.Column("ended_at", UtcInstant(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_referral_case_id_support_case")),
        sa.ForeignKeyConstraint(
            ["pack_version_id"], ["pack_version.id"], name=op.f("fk_referral_pack_version_id_pack_version")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_referral_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("ref", name=op.f("uq_referral_ref")),
    )
    op.create_index(op.f("ix_referral_case_id"), "referral", ["case_id"], unique=False)
    op.create_index(op.f("ix_referral_unit_id"), "referral", ["unit_id"], unique=False)
    op.create_table(
        "step",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("anchor", sa.String(length=64), nullable=False),
        sa.Column("anchor_at", UtcInstant(), nullable=False),
        sa.Column("earliest_at", UtcInstant(), nullable=True),
        sa.Column("due_at", UtcInstant(), nullable=False),
        sa.Column("latest_at", UtcInstant(), nullable=True),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("gap_from_at", UtcInstant(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("moved_at", UtcInstant(), nullable=True),
        sa.Column("opened_at", UtcInstant(), nullable=False),
        sa.Column("ended_at", UtcInstant(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("acts_at", UtcInstant(), nullable=True),
        sa.Column("paused_at", UtcInstant(), nullable=True),
        sa.Column("paused_by", sa.String(length=32), nullable=True),
        sa.Column("look_again_at", UtcInstant(), nullable=True),
        sa.Column("resumed_at", UtcInstant(), nullable=True),
        sa.Column("paused_minutes", sa.Integer(), nullable=False),
        sa.Column("reset_at", UtcInstant(), nullable=True),
        sa.Column("reset_by", sa.String(length=32), nullable=True),
        sa.Column("series_id", sa.String(length=32), nullable=True),
        sa.Column("series_at", UtcInstant(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'paused' OR (paused_at IS NOT NULL AND paused_by IS NOT NULL)", name=op.f("ck_step_paused_why")
        ),
        sa.CheckConstraint("state IN ('open','paused','done','cancelled')", name=op.f("ck_step_state")),
        sa.CheckConstraint(
            "subject_kind IN ('incident','exposure','case','escalation','referral','agreed_step','group_session','periodic_check','pair','mediation')",
            name=op.f("ck_step_subject_kind"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_step_case_id_support_case")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_step_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
        sa.UniqueConstraint("series_id", "number", name=op.f("uq_step_series_id_number")),
    )
    op.create_index(
        "ix_step_acts",
        "step",
        ["acts_at", "id"],
        unique=False,
        sqlite_where=sa.text("acts_at IS NOT NULL"),
        postgresql_where=sa.text("acts_at IS NOT NULL"),
    )
    op.create_index("ix_step_case", "step", ["case_id", "state"], unique=False)
    op.create_index("ix_step_open_due", "step", ["state", "unit_id", "due_at", "id"], unique=False)
    op.create_index("ix_step_subject", "step", ["subject_kind", "subject_id", "state"], unique=False)
    op.create_table(
        "undertaking_party",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("undertaking_id", sa.String(length=32), nullable=False),
        sa.Column("person_index", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("named_at", UtcInstant(), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=True),
        sa.Column("agreed_at", UtcInstant(), nullable=True),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["support_case.id"], name=op.f("fk_undertaking_party_case_id_support_case")
        ),
        sa.ForeignKeyConstraint(
            ["undertaking_id"], ["undertaking.id"], name=op.f("fk_undertaking_party_undertaking_id_undertaking")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undertaking_party")),
        sa.UniqueConstraint(
            "undertaking_id", "person_index", name=op.f("uq_undertaking_party_undertaking_id_person_index")
        ),
    )
    op.create_index(op.f("ix_undertaking_party_case_id"), "undertaking_party", ["case_id"], unique=False)
    op.create_index(op.f("ix_undertaking_party_person_index"), "undertaking_party", ["person_index"], unique=False)
    op.create_table(
        "case_incident",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.String(length=32), nullable=False),
        sa.Column("exposure_id", sa.String(length=32), nullable=False),
        sa.Column("joined_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_case_incident_case_id_support_case")),
        sa.ForeignKeyConstraint(["exposure_id"], ["exposure.id"], name=op.f("fk_case_incident_exposure_id_exposure")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_case_incident_incident_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_incident")),
        sa.UniqueConstraint("case_id", "incident_id", name=op.f("uq_case_incident_case_id_incident_id")),
    )
    op.create_index(op.f("ix_case_incident_case_id"), "case_incident", ["case_id"], unique=False)
    op.create_index(op.f("ix_case_incident_exposure_id"), "case_incident", ["exposure_id"], unique=False)
    op.create_index(op.f("ix_case_incident_incident_id"), "case_incident", ["incident_id"], unique=False)
    op.create_table(
        "escalation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("pack_version_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=64), nullable=False),
        sa.Column("to_role", sa.String(length=64), nullable=False),
        sa.Column("raised_at", UtcInstant(), nullable=False),
        sa.Column("raised_by", sa.String(length=64), nullable=False),
        sa.Column("answer_by", UtcInstant(), nullable=False),
        sa.Column("taken_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", UtcInstant(), nullable=True),
        sa.Column("step_id", sa.String(length=32), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("nobody_left_at", UtcInstant(), nullable=True),
        sa.Column("acts_at", UtcInstant(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_escalation_case_id_support_case")),
        sa.ForeignKeyConstraint(
            ["pack_version_id"], ["pack_version.id"], name=op.f("fk_escalation_pack_version_id_pack_version")
        ),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_escalation_step_id_step")),
        sa.ForeignKeyConstraint(["taken_by"], ["account.id"], name=op.f("fk_escalation_taken_by_account")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_escalation_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("ref", name=op.f("uq_escalation_ref")),
    )
    op.create_index(
        "ix_escalation_acts",
        "escalation",
        ["acts_at", "id"],
        unique=False,
        sqlite_where=sa.text("acts_at IS NOT NULL"),
        postgresql_where=sa.text("acts_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_escalation_case_id"), "escalation", ["case_id"], unique=False)
    op.create_index(op.f("ix_escalation_step_id"), "escalation", ["step_id"], unique=False)
    op.create_index(op.f("ix_escalation_taken_by"), "escalation", ["taken_by"], unique=False)
    op.create_index("ix_escalation_unit_state", "escalation", ["unit_id", "state", "answer_by", "id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("once_key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("subject_kind", sa.String(length=64), nullable=False),
        sa.Column("subject_ref", sa.String(length=16), nullable=False),
        sa.Column("step_id", sa.String(length=32), nullable=True),
        sa.Column("recipient_id", sa.String(length=32), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcInstant(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("not_before", UtcInstant(), nullable=True),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", UtcInstant(), nullable=True),
        sa.Column("message_id", sa.String(length=32), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_problem", sa.String(length=64), nullable=True),
        sa.Column("sent_at", UtcInstant(), nullable=True),
        sa.Column("failed_because", sa.String(length=64), nullable=True),
        sa.Column("dropped_because", sa.String(length=64), nullable=True),
        sa.Column("settled_at", UtcInstant(), nullable=True),
        sa.Column("weighed_at", UtcInstant(), nullable=True),
        sa.Column("seen_at", UtcInstant(), nullable=True),
        sa.Column("seen_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(state = 'dropped') = (dropped_because IS NOT NULL)", name=op.f("ck_outbox_dropped_for_a_reason")
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (failed_because IS NOT NULL)", name=op.f("ck_outbox_failed_for_a_reason")
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_outbox_sent_at_an_instant")),
        sa.CheckConstraint(
            "failed_because IS NULL OR failed_because IN ('no_address','bounced','gave_up','account_closed','on_leave')",
            name=op.f("ck_outbox_failed_because"),
        ),
        sa.CheckConstraint("state IN ('waiting','sent','failed','dropped')", name=op.f("ck_outbox_state")),
        sa.CheckConstraint(
            "(claimed_by IS NULL) = (claimed_until IS NULL)", name=op.f("ck_outbox_claimed_until_an_instant")
        ),
        sa.ForeignKeyConstraint(["recipient_id"], ["account.id"], name=op.f("fk_outbox_recipient_id_account")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_outbox_step_id_step")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("once_key", name=op.f("uq_outbox_once_key")),
    )
    op.create_index("ix_outbox_message", "outbox", ["message_id"], unique=False)
    op.create_index("ix_outbox_recipient_made", "outbox", ["recipient_id", "made_at", "id"], unique=False)
    op.create_index("ix_outbox_settled", "outbox", ["state", "settled_at", "id"], unique=False)
    op.create_index(op.f("ix_outbox_step_id"), "outbox", ["step_id"], unique=False)
    op.create_index("ix_outbox_subject", "outbox", ["subject_ref"], unique=False)
    op.create_index(
        "ix_outbox_unweighed",
        "outbox",
        ["state", "settled_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'failed' AND weighed_at IS NULL"),
        postgresql_where=sa.text("state = 'failed' AND weighed_at IS NULL"),
    )
    op.create_index("ix_outbox_waiting", "outbox", ["state", "urgent", "not_before", "id"], unique=False)
    op.create_table(
        "deadline_stage",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("clock_at", UtcInstant(), nullable=False),
        sa.Column("wanted_at", UtcInstant(), nullable=False),
        sa.Column("acted_at", UtcInstant(), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "subject_kind IN ('step','escalation','draft')", name=op.f("ck_deadline_stage_subject_kind")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_deadline_stage_case_id_support_case")),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_deadline_stage_escalation_id_escalation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_stage")),
    )
    op.create_index(op.f("ix_deadline_stage_case_id"), "deadline_stage", ["case_id"], unique=False)
    op.create_index(op.f("ix_deadline_stage_escalation_id"), "deadline_stage", ["escalation_id"], unique=False)
    op.create_index("ix_deadline_stage_subject", "deadline_stage", ["subject_id", "acted_at"], unique=False)
    op.create_table(
        "pager_call",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("not_before", UtcInstant(), nullable=True),
        sa.Column("claimed_until", UtcInstant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_problem", sa.String(length=64), nullable=True),
        sa.Column("sent_at", UtcInstant(), nullable=True),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_pager_call_sent_at_an_instant")),
        sa.CheckConstraint("state IN ('waiting','sent','failed','dropped')", name=op.f("ck_pager_call_state")),
        sa.ForeignKeyConstraint(["notice_id"], ["outbox.id"], name=op.f("fk_pager_call_notice_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pager_call")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_pager_call_notice_id")),
    )
    op.create_index("ix_pager_call_waiting", "pager_call", ["state", "not_before", "id"], unique=False)
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in append_only.SQLITE_UP if sqlite else append_only.POSTGRESQL_UP:
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in append_only.SQLITE_DOWN if sqlite else append_only.POSTGRESQL_DOWN:
        op.execute(statement)
    op.drop_index("ix_pager_call_waiting", table_name="pager_call")
    op.drop_table("pager_call")
    op.drop_index("ix_deadline_stage_subject", table_name="deadline_stage")
    op.drop_index(op.f("ix_deadline_stage_escalation_id"), table_name="deadline_stage")
    op.drop_index(op.f("ix_deadline_stage_case_id"), table_name="deadline_stage")
    op.drop_table("deadline_stage")
    op.drop_index("ix_outbox_waiting", table_name="outbox")
    op.drop_index(
        "ix_outbox_unweighed",
        table_name="outbox",
        sqlite_where=sa.text("state = 'failed' AND weighed_at IS NULL"),
        postgresql_where=sa.text("state = 'failed' AND weighed_at IS NULL"),
    )
    op.drop_index("ix_outbox_subject", table_name="outbox")
    op.drop_index(op.f("ix_outbox_step_id"), table_name="outbox")
    op.drop_index("ix_outbox_settled", table_name="outbox")
    op.drop_index("ix_outbox_recipient_made", table_name="outbox")
    op.drop_index("ix_outbox_message", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("ix_escalation_unit_state", table_name="escalation")
    op.drop_index(op.f("ix_escalation_taken_by"), table_name="escalation")
    op.drop_index(op.f("ix_escalation_step_id"), table_name="escalation")
    op.drop_index(op.f("ix_escalation_case_id"), table_name="escalation")
    op.drop_index(
        "ix_escalation_acts",
        table_name="escalation",
        sqlite_where=sa.text("acts_at IS NOT NULL"),
        postgresql_where=sa.text("acts_at IS NOT NULL"),
    )
    op.drop_table("escalation")
    op.drop_index(op.f("ix_case_incident_incident_id"), table_name="case_incident")
    op.drop_index(op.f("ix_case_incident_exposure_id"), table_name="case_incident")
    op.drop_index(op.f("ix_case_incident_case_id"), table_name="case_incident")
    op.drop_table("case_incident")
    op.drop_index(op.f("ix_undertaking_party_person_index"), table_name="undertaking_party")
    op.drop_index(op.f("ix_undertaking_party_case_id"), table_name="undertaking_party")
    op.drop_table("undertaking_party")
    op.drop_index("ix_step_subject", table_name="step")
    op.drop_index("ix_step_open_due", table_name="step")
    op.drop_index("ix_step_case", table_name="step")
    op.drop_index(
        "ix_step_acts",
        table_name="step",
        sqlite_where=sa.text("acts_at IS NOT NULL"),
        postgresql_where=sa.text("acts_at IS NOT NULL"),
    )
    op.drop_table("step")
    op.drop_index(op.f("ix_referral_unit_id"), table_name="referral")
    op.drop_index(op.f("ix_referral_case_id"), table_name="referral")
    op.drop_table("referral")
    op.drop_index(op.f("ix_private_link_case_id"), table_name="private_link")
    op.drop_table("private_link")
    op.drop_index(op.f("ix_legal_hold_incident_id"), table_name="legal_hold")
    op.drop_index(op.f("ix_legal_hold_case_id"), table_name="legal_hold")
    op.drop_table("legal_hold")
    op.drop_index(op.f("ix_exposure_person_index"), table_name="exposure")
    op.drop_index(op.f("ix_exposure_incident_id"), table_name="exposure")
    op.drop_index(op.f("ix_exposure_case_id"), table_name="exposure")
    op.drop_table("exposure")
    op.drop_index(op.f("ix_exclusion_case_id"), table_name="exclusion")
    op.drop_index(op.f("ix_exclusion_account_id"), table_name="exclusion")
    op.drop_table("exclusion")
    op.drop_index("ix_disclosure_unit", table_name="disclosure")
    op.drop_index("ix_disclosure_newest", table_name="disclosure")
    op.drop_index(op.f("ix_disclosure_incident_id"), table_name="disclosure")
    op.drop_index(op.f("ix_disclosure_case_id"), table_name="disclosure")
    op.drop_table("disclosure")
    op.drop_index(op.f("ix_conflict_answer_case_id"), table_name="conflict_answer")
    op.drop_index(op.f("ix_conflict_answer_account_id"), table_name="conflict_answer")
    op.drop_table("conflict_answer")
    op.drop_index(op.f("ix_case_request_case_id"), table_name="case_request")
    op.drop_table("case_request")
    op.drop_index(op.f("ix_case_link_other_id"), table_name="case_link")
    op.drop_index(op.f("ix_case_link_case_id"), table_name="case_link")
    op.drop_table("case_link")
    op.drop_index(op.f("ix_break_glass_case_id"), table_name="break_glass")
    op.drop_index("ix_break_glass_account_until", table_name="break_glass")
    op.drop_table("break_glass")
    op.drop_index(op.f("ix_assessment_draft_case_id"), table_name="assessment_draft")
    op.drop_table("assessment_draft")
    op.drop_index(op.f("ix_assessment_supersedes_id"), table_name="assessment")
    op.drop_index("ix_assessment_case", table_name="assessment")
    op.drop_table("assessment")
    op.drop_index("ix_appointment_invite_after", table_name="appointment")
    op.drop_index("ix_appointment_case", table_name="appointment")
    op.drop_table("appointment")
    op.drop_index(op.f("ix_agreed_step_unit_id"), table_name="agreed_step")
    op.drop_index(op.f("ix_agreed_step_case_id"), table_name="agreed_step")
    op.drop_table("agreed_step")
    op.drop_index(op.f("ix_action_record_subject_id"), table_name="action_record")
    op.drop_index(op.f("ix_action_record_corrects_id"), table_name="action_record")
    op.drop_index("ix_action_record_case", table_name="action_record")
    op.drop_table("action_record")
    op.drop_index("ix_undertaking_meeting_held", table_name="undertaking_meeting")
    op.drop_table("undertaking_meeting")
    op.drop_index("ix_undertaking_line_answer_newest", table_name="undertaking_line_answer")
    op.drop_index(op.f("ix_undertaking_line_answer_account_id"), table_name="undertaking_line_answer")
    op.drop_table("undertaking_line_answer")
    op.drop_index(op.f("ix_undertaking_leader_account_id"), table_name="undertaking_leader")
    op.drop_table("undertaking_leader")
    op.drop_table("undertaking_goal")
    op.drop_index(op.f("ix_training_account_id"), table_name="training")
    op.drop_table("training")
    op.drop_index("ix_support_case_unit_state", table_name="support_case")
    op.drop_index(op.f("ix_support_case_unit_id"), table_name="support_case")
    op.drop_index(op.f("ix_support_case_proposed_practitioner_id"), table_name="support_case")
    op.drop_index("ix_support_case_practitioner_state", table_name="support_case")
    op.drop_index(op.f("ix_support_case_practitioner_id"), table_name="support_case")
    op.drop_index(op.f("ix_support_case_person_index"), table_name="support_case")
    op.drop_index(op.f("ix_support_case_pack_version_id"), table_name="support_case")
    op.drop_index(op.f("ix_support_case_incident_id"), table_name="support_case")
    op.drop_table("support_case")
    op.drop_index(op.f("ix_role_grant_unit_id"), table_name="role_grant")
    op.drop_index(op.f("ix_role_grant_account_id"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index(op.f("ix_pack_proposal_name"), table_name="pack_proposal")
    op.drop_table("pack_proposal")
    op.drop_index(op.f("ix_leave_account_id"), table_name="leave")
    op.drop_table("leave")
    op.drop_index(op.f("ix_invitation_account_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_incident_reader_incident_id"), table_name="incident_reader")
    op.drop_index(op.f("ix_incident_reader_account_id"), table_name="incident_reader")
    op.drop_table("incident_reader")
    op.drop_table("how_told")
    op.drop_index(op.f("ix_ended_session_ended_at"), table_name="ended_session")
    op.drop_index(op.f("ix_ended_session_account_id"), table_name="ended_session")
    op.drop_table("ended_session")
    op.drop_index(op.f("ix_duty_turn_until_at"), table_name="duty_turn")
    op.drop_index(op.f("ix_duty_turn_from_at"), table_name="duty_turn")
    op.drop_index(op.f("ix_duty_turn_account_id"), table_name="duty_turn")
    op.drop_table("duty_turn")
    op.drop_index("ix_calendar_feed_account", table_name="calendar_feed")
    op.drop_table("calendar_feed")
    op.drop_index("ix_access_request_unit_state", table_name="access_request")
    op.drop_index(op.f("ix_access_request_reviewer_id"), table_name="access_request")
    op.drop_index(op.f("ix_access_request_person_index"), table_name="access_request")
    op.drop_table("access_request")
    op.drop_index("ix_undertaking_unit", table_name="undertaking")
    op.drop_index(op.f("ix_undertaking_pack_version_id"), table_name="undertaking")
    op.drop_index("ix_undertaking_incident", table_name="undertaking")
    op.drop_table("undertaking")
    op.drop_index(op.f("ix_planning_meeting_incident_id"), table_name="planning_meeting")
    op.drop_table("planning_meeting")
    op.drop_index(op.f("ix_account_person_id"), table_name="account")
    op.drop_table("account")
    op.drop_index("ix_tombstone_unit", table_name="tombstone")
    op.drop_index(op.f("ix_tombstone_key_destroyed_at"), table_name="tombstone")
    op.drop_table("tombstone")
    op.drop_index(op.f("ix_person_unit_id"), table_name="person")
    op.drop_index(op.f("ix_person_name_key"), table_name="person")
    op.drop_index(op.f("ix_person_name"), table_name="person")
    op.drop_index(op.f("ix_person_line_manager_id"), table_name="person")
    op.drop_table("person")
    op.drop_index("ix_incident_unit_kind", table_name="incident")
    op.drop_index("ix_incident_state_newest", table_name="incident")
    op.drop_index("ix_incident_restricted", table_name="incident")
    op.drop_index(op.f("ix_incident_pack_version_id"), table_name="incident")
    op.drop_index(op.f("ix_incident_occurred_on"), table_name="incident")
    op.drop_index("ix_incident_newest", table_name="incident")
    op.drop_table("incident")
    op.drop_table("headcount")
    op.drop_index(op.f("ix_worker_beat_at"), table_name="worker")
    op.drop_table("worker")
    op.drop_index(op.f("ix_unit_parent_id"), table_name="unit")
    op.drop_table("unit")
    op.drop_index("ix_trail_subject_subject", table_name="trail_subject")
    op.drop_table("trail_subject")
    op.drop_index("ix_trail_leaf_chain", table_name="trail_leaf")
    op.drop_table("trail_leaf")
    op.drop_table("trail_head")
    op.drop_index("ix_trail_entry_what", table_name="trail_entry")
    op.drop_index("ix_trail_entry_at", table_name="trail_entry")
    op.drop_index("ix_trail_entry_actor", table_name="trail_entry")
    op.drop_table("trail_entry")
    op.drop_table("trail_checkpoint")
    op.drop_table("sign_in_guard")
    op.drop_table("setting")
    op.drop_table("retention_warning")
    op.drop_index(
        "uq_release_request_unfinished",
        table_name="release_request",
        sqlite_where=sa.text("state IN ('asked','making')"),
        postgresql_where=sa.text("state IN ('asked','making')"),
    )
    op.drop_index("ix_release_request_asked", table_name="release_request")
    op.drop_table("release_request")
    op.drop_table("release")
    op.drop_index(op.f("ix_pack_version_name"), table_name="pack_version")
    op.drop_table("pack_version")
    op.drop_index("ix_job_run_started", table_name="job_run")
    op.drop_table("job_run")
    op.drop_table("job")
    op.drop_table("fact_intake")
    op.drop_index("ix_fact_quarter_kind", table_name="fact")
    op.drop_index(
        "ix_fact_late",
        table_name="fact",
        sqlite_where=sa.text("state = 'late'"),
        postgresql_where=sa.text("state = 'late'"),
    )
    op.drop_index(op.f("ix_fact_handle"), table_name="fact")
    op.drop_table("fact")
    op.drop_table("claim")
