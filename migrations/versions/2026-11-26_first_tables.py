"""The first tables.

One ALTER TABLE subcommand a statement; constraints added NOT VALID and validated after; indexes on tables that
already have rows CONCURRENTLY; every name given. `tests/rules/test_schema.py` refuses what breaks this.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist') THEN"
        " CREATE EXTENSION btree_gist; END IF; END $$"
    )
    op.create_table(
        "attempts",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("next_allowed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempts")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_attempts_due", "attempts", ["next_allowed_at"], unique=False)
    op.create_table(
        "journals",
        sa.Column("mall_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("mall_id", name=op.f("pk_journals")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "malls",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column(
            "time_zone",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("transfers_between_agencies", sa.Boolean(), nullable=False),
        sa.Column("reopening_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "time_zone IN ('Asia/Jakarta', 'Asia/Pontianak', 'Asia/Makassar', 'Asia/Jayapura')",
            name=op.f("ck_malls_time_zone_known"),
        ),
        sa.CheckConstraint("reopening_minutes >= 0", name=op.f("ck_malls_reopening_minutes_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_malls")),
        sa.UniqueConstraint("slug", name="uq_malls_slug"),
    )
    op.create_table(
        "accounts",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "platform_role",
            sa.String(length=32),
            nullable=True,
        ),
        sa.Column("home_mall_id", sa.SmallInteger(), nullable=True),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(platform_role IS NULL) = (home_mall_id IS NOT NULL)",
            name=op.f("ck_accounts_made_in_a_mall_or_the_platforms"),
        ),
        sa.CheckConstraint(
            "platform_role IN ('platform_admin', 'ministry_observer')",
            name=op.f("ck_accounts_platform_role_of_platform"),
        ),
        sa.CheckConstraint(
            "platform_role IS NULL OR platform_role IN ('platform_admin', 'ministry_observer', 'mall_manager', 'agency_manager', 'officer', 'auditor')",
            name=op.f("ck_accounts_platform_role_known"),
        ),
        sa.ForeignKeyConstraint(["home_mall_id"], ["malls.id"], name=op.f("fk_accounts_home_mall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("username", name="uq_accounts_username"),
    )
    op.create_index(
        "ix_accounts_platform",
        "accounts",
        ["username"],
        unique=False,
        postgresql_where=sa.text("platform_role IS NOT NULL"),
    )
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("public", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signs_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_keys")),
    )
    op.create_table(
        "agencies",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "category",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("office_address", sa.Text(), nullable=True),
        sa.Column("office_hours", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("contact", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "category IN ('city_office', 'provincial_office', 'vertical_agency', 'judicial', 'state_company', 'regional_company', 'public_legal_entity', 'non_structural', 'private')",
            name=op.f("ck_agencies_category_known"),
        ),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_agencies_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("mall_id", "code", name="uq_agencies_code"),
    )
    op.create_table(
        "entries",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("service_day", sa.Date(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["journals.mall_id"], name=op.f("fk_entries_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "sequence", name=op.f("pk_entries")),
    )
    op.create_index("ix_entries_agency", "entries", ["mall_id", "agency_id", "sequence"], unique=False)
    op.create_index("ix_entries_subject", "entries", ["mall_id", "subject_id", "sequence"], unique=False)
    op.create_table(
        "followers",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_sequence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("next_sequence > 0", name=op.f("ck_followers_next_sequence_positive")),
        sa.ForeignKeyConstraint(["mall_id"], ["journals.mall_id"], name=op.f("fk_followers_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "name", name=op.f("pk_followers")),
    )
    op.create_table(
        "holidays",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("closes_mall", sa.Boolean(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('national_holiday', 'collective_leave')", name=op.f("ck_holidays_kind_known")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_holidays_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_holidays")),
        sa.UniqueConstraint("mall_id", "date", deferrable=True, initially="DEFERRED", name="uq_holidays_day"),
        sa.UniqueConstraint("mall_id", "proposal", deferrable=True, initially="DEFERRED", name="uq_holidays_proposal"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["journals.mall_id"], name=op.f("fk_idempotency_keys_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "caller", "route", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index("ix_idempotency_keys_expiry", "idempotency_keys", ["mall_id", "expires_at"], unique=False)
    op.create_table(
        "locations",
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("floors", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_locations_dates_in_order")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_locations_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_locations")),
    )
    op.create_table(
        "phone_confirmations",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("phone_mark", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_phone_confirmations_tries_not_negative")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_phone_confirmations_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "phone_mark", name=op.f("pk_phone_confirmations")),
    )
    op.create_index("ix_phone_confirmations_expiry", "phone_confirmations", ["mall_id", "expires_at"], unique=False)
    op.create_table(
        "refresh_tokens",
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_refresh_tokens_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("token_hash", name="uq_refresh_tokens_hash"),
    )
    op.create_index("ix_refresh_tokens_account", "refresh_tokens", ["account_id"], unique=False)
    op.create_index("ix_refresh_tokens_expiry", "refresh_tokens", ["expires_at"], unique=False)
    op.create_index("ix_refresh_tokens_family", "refresh_tokens", ["family_id"], unique=False)
    op.create_table(
        "visits",
        sa.Column("service_day", sa.Date(), nullable=False),
        sa.Column("in_order", sa.Boolean(), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_visits_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_visits")),
    )
    op.create_table(
        "agreements",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("mall_number", sa.Text(), nullable=True),
        sa.Column("agency_number", sa.Text(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("terminated_from", sa.Date(), nullable=True),
        sa.Column("last_effective_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.literal_column("mall_id"), "="),
            (sa.literal_column("agency_id"), "="),
            (sa.literal_column("kind"), "="),
            (sa.literal_column("daterange(starts_on, last_effective_on, '[]')"), "&&"),
            where=sa.text(
                "status IN ('signed', 'suspended', 'terminated') AND (last_effective_on IS NULL OR last_effective_on >= starts_on)"
            ),
            using="gist",
            name="ex_agreements_no_overlap",
        ),
        sa.CheckConstraint(
            "status <> 'terminated' OR terminated_from IS NOT NULL", name=op.f("ck_agreements_terminated_from_a_day")
        ),
        sa.CheckConstraint(
            "terminated_from IS NULL OR status IN ('suspended', 'terminated')",
            name=op.f("ck_agreements_terminated_or_suspended_meanwhile"),
        ),
        sa.CheckConstraint(
            "kind IN ('memorandum', 'cooperation_agreement', 'decree')", name=op.f("ck_agreements_kind_known")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'under_review', 'rejected', 'signed', 'suspended', 'terminated')",
            name=op.f("ck_agreements_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('signed', 'suspended', 'terminated') OR (signed_on IS NOT NULL AND starts_on IS NOT NULL AND mall_number IS NOT NULL)",
            name=op.f("ck_agreements_signed_with_term_and_number"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_agreements_term_in_order")),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id"], ["agencies.mall_id", "agencies.id"], name=op.f("fk_agreements_mall_id_agency_id")
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("mall_id", "agency_id", "id", name="uq_agreements_of_agency"),
    )
    op.create_index("ix_agreements_agency", "agreements", ["mall_id", "agency_id", "id"], unique=False)
    op.create_table(
        "clients",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("secret_prefix", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("old_secret_hash", sa.LargeBinary(), nullable=True),
        sa.Column("old_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(old_secret_hash IS NULL) = (old_secret_until IS NULL)", name=op.f("ck_clients_old_secret_ends")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id"], ["agencies.mall_id", "agencies.id"], name=op.f("fk_clients_mall_id_agency_id")
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_clients")),
    )
    op.create_index("ix_clients_agency", "clients", ["mall_id", "agency_id", "id"], unique=False)
    op.create_table(
        "counters",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("spoken", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("floor", sa.Text(), nullable=False),
        sa.Column("booth", sa.Text(), nullable=True),
        sa.Column("desk", sa.Text(), nullable=True),
        sa.Column("weekdays", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id"], ["agencies.mall_id", "agencies.id"], name=op.f("fk_counters_mall_id_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "location_id"],
            ["locations.mall_id", "locations.id"],
            name=op.f("fk_counters_mall_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_counters")),
        sa.UniqueConstraint("mall_id", "agency_id", "id", name="uq_counters_of_agency"),
        sa.UniqueConstraint("mall_id", "code", name="uq_counters_code"),
    )
    op.create_index("ix_counters_agency", "counters", ["mall_id", "agency_id", "code"], unique=False)
    op.create_table(
        "devices",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("key_prefix", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('kiosk', 'display')", name=op.f("ck_devices_kind_known")),
        sa.ForeignKeyConstraint(
            ["mall_id", "location_id"],
            ["locations.mall_id", "locations.id"],
            name=op.f("fk_devices_mall_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_devices")),
        sa.UniqueConstraint("mall_id", "key_hash", name="uq_devices_key"),
    )
    op.create_table(
        "grants",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(agency_id IS NOT NULL) = (role IN ('agency_manager', 'officer'))",
            name=op.f("ck_grants_agency_for_agency_roles"),
        ),
        sa.CheckConstraint(
            "role IN ('platform_admin', 'ministry_observer', 'mall_manager', 'agency_manager', 'officer', 'auditor')",
            name=op.f("ck_grants_role_known"),
        ),
        sa.CheckConstraint(
            "role NOT IN ('platform_admin', 'ministry_observer')", name=op.f("ck_grants_role_of_a_mall")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_grants_account_id")),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id"], ["agencies.mall_id", "agencies.id"], name=op.f("fk_grants_mall_id_agency_id")
        ),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_grants_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_grants")),
    )
    op.create_index("ix_grants_account", "grants", ["account_id"], unique=False)
    op.create_index("ix_grants_agency", "grants", ["mall_id", "agency_id"], unique=False)
    op.create_index(
        "uq_grants_current",
        "grants",
        ["mall_id", "account_id", "role", "agency_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "invitations",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("invited_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(answered_on IS NULL) = (status = 'invited')", name=op.f("ck_invitations_answered_when_answered")
        ),
        sa.CheckConstraint(
            "(withdrawn_on IS NULL) = (status <> 'withdrawn')", name=op.f("ck_invitations_withdrawn_when_withdrawn")
        ),
        sa.CheckConstraint(
            "status IN ('invited', 'committed', 'declined', 'withdrawn')", name=op.f("ck_invitations_status_known")
        ),
        sa.CheckConstraint("due_on >= invited_on", name=op.f("ck_invitations_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id"], ["agencies.mall_id", "agencies.id"], name=op.f("fk_invitations_mall_id_agency_id")
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_invitations")),
    )
    op.create_index("ix_invitations_agency", "invitations", ["mall_id", "agency_id", "id"], unique=False)
    op.create_table(
        "number_series",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id"],
            ["agencies.mall_id", "agencies.id"],
            name=op.f("fk_number_series_mall_id_agency_id"),
        ),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_number_series_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_number_series")),
        sa.UniqueConstraint("mall_id", "prefix", name="uq_number_series_prefix"),
    )
    op.create_table(
        "schedules",
        sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.literal_column("mall_id"), "="),
            (sa.literal_column("coalesce(agency_id, '00000000-0000-0000-0000-000000000000')"), "="),
            (sa.literal_column("daterange(starts_on, ends_on, '[]')"), "&&"),
            where=sa.text("starts_on IS NOT NULL"),
            using="gist",
            name="ex_schedules_no_overlap",
        ),
        sa.CheckConstraint("(name IS NULL) = (starts_on IS NULL)", name=op.f("ck_schedules_periods_named")),
        sa.CheckConstraint(
            "(starts_on IS NULL) = (ends_on IS NULL) AND ends_on >= starts_on", name=op.f("ck_schedules_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id"], ["agencies.mall_id", "agencies.id"], name=op.f("fk_schedules_mall_id_agency_id")
        ),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_schedules_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_schedules")),
    )
    op.create_index(
        "uq_schedules_agency_base",
        "schedules",
        ["mall_id", "agency_id"],
        unique=True,
        postgresql_where=sa.text("agency_id IS NOT NULL AND starts_on IS NULL"),
    )
    op.create_index(
        "uq_schedules_mall_base",
        "schedules",
        ["mall_id"],
        unique=True,
        postgresql_where=sa.text("agency_id IS NULL AND starts_on IS NULL"),
    )
    op.create_table(
        "counter_sessions",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("counter_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("service_day", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_by",
            sa.String(length=32),
            nullable=True,
        ),
        sa.Column(
            "closing_for",
            sa.String(length=32),
            nullable=True,
        ),
        sa.Column("break_reason", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("break_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (ended_by IS NULL) AND (closed_at IS NULL) = (status <> 'closed')",
            name=op.f("ck_counter_sessions_closed_when_closed"),
        ),
        sa.CheckConstraint(
            "status = 'on_break' OR num_nonnulls(break_reason, break_until) = 0",
            name=op.f("ck_counter_sessions_break_on_break"),
        ),
        sa.CheckConstraint(
            "closing_for IS NULL OR closing_for IN ('officer', 'visitor', 'not_printed', 'forced', 'membership', 'retirement', 'closure', 'day_end')",
            name=op.f("ck_counter_sessions_closing_for_known"),
        ),
        sa.CheckConstraint(
            "ended_by IS NULL OR ended_by IN ('officer', 'visitor', 'not_printed', 'forced', 'membership', 'retirement', 'closure', 'day_end')",
            name=op.f("ck_counter_sessions_ended_by_known"),
        ),
        sa.CheckConstraint(
            "status IN ('closed', 'open', 'on_break', 'closing')", name=op.f("ck_counter_sessions_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id", "counter_id"],
            ["counters.mall_id", "counters.agency_id", "counters.id"],
            name=op.f("fk_counter_sessions_mall_id_agency_id_counter_id"),
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["accounts.id"], name=op.f("fk_counter_sessions_officer_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_counter_sessions")),
    )
    op.create_index(
        "ix_counter_sessions_day", "counter_sessions", ["mall_id", "service_day", "counter_id"], unique=False
    )
    op.create_index(
        "uq_counter_sessions_counter",
        "counter_sessions",
        ["mall_id", "counter_id", "service_day"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "uq_counter_sessions_officer",
        "counter_sessions",
        ["mall_id", "officer_id", "service_day"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "number_days",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("service_day", sa.Date(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mall_id", "series_id"],
            ["number_series.mall_id", "number_series.id"],
            name=op.f("fk_number_days_mall_id_series_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "series_id", "service_day", name=op.f("pk_number_days")),
    )
    op.create_table(
        "removed_holidays",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_removed_holidays_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_removed_holidays")),
        sa.UniqueConstraint("mall_id", "date", name="uq_removed_holidays_day"),
    )
    op.create_table(
        "services",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("number_series_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("scope_note", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("channels", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("daily_quota", sa.Integer(), nullable=True),
        sa.Column("channel_quotas", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("channel_windows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("head_start_minutes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("handling_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("equipped_on", sa.Date(), nullable=True),
        sa.Column("no_show_calls", sa.SmallInteger(), nullable=False),
        sa.Column("return_places", sa.SmallInteger(), nullable=False),
        sa.Column("near_places", sa.SmallInteger(), nullable=True),
        sa.Column("no_shows_before_block", sa.SmallInteger(), nullable=True),
        sa.Column("no_show_block_days", sa.SmallInteger(), nullable=False),
        sa.Column("web_needs_phone", sa.Boolean(), nullable=False),
        sa.Column("priority_calls_in_a_row", sa.SmallInteger(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('goods', 'service', 'administrative')", name=op.f("ck_services_kind_known")),
        sa.CheckConstraint(
            "level IN ('central', 'provincial', 'city', 'not_government')", name=op.f("ck_services_level_known")
        ),
        sa.CheckConstraint("scope IN ('whole', 'partial')", name=op.f("ck_services_scope_known")),
        sa.CheckConstraint("daily_quota >= 0", name=op.f("ck_services_daily_quota_not_negative")),
        sa.CheckConstraint("handling_minutes > 0", name=op.f("ck_services_handling_minutes_positive")),
        sa.CheckConstraint("priority_calls_in_a_row > 0", name=op.f("ck_services_priority_calls_in_a_row_positive")),
        sa.CheckConstraint("no_show_calls > 0", name=op.f("ck_services_no_show_calls_positive")),
        sa.CheckConstraint("return_places > 0", name=op.f("ck_services_return_places_positive")),
        sa.CheckConstraint("near_places > 0", name=op.f("ck_services_near_places_positive")),
        sa.CheckConstraint("no_shows_before_block > 0", name=op.f("ck_services_no_shows_before_block_positive")),
        sa.CheckConstraint("no_show_block_days > 0", name=op.f("ck_services_no_show_block_days_positive")),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id"], ["agencies.mall_id", "agencies.id"], name=op.f("fk_services_mall_id_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "number_series_id"],
            ["number_series.mall_id", "number_series.id"],
            name=op.f("fk_services_mall_id_number_series_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_services")),
        sa.UniqueConstraint("mall_id", "agency_id", "id", name="uq_services_of_agency"),
        sa.UniqueConstraint("mall_id", "code", name="uq_services_code"),
    )
    op.create_index("ix_services_agency", "services", ["mall_id", "agency_id", "code"], unique=False)
    op.create_table(
        "calendar_exceptions",
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("counter_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("agencies", sa.String(length=32), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("opens", sa.Text(), nullable=False),
        sa.Column("closes", sa.Text(), nullable=False),
        sa.Column("reason", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("by_mall", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('open', 'closed')", name=op.f("ck_calendar_exceptions_kind_known")),
        sa.CheckConstraint("agencies IN ('scheduled', 'all')", name=op.f("ck_calendar_exceptions_agencies_known")),
        sa.CheckConstraint(
            "(service_id IS NULL OR counter_id IS NULL) AND (service_id IS NULL AND counter_id IS NULL OR agency_id IS NOT NULL AND kind = 'closed')",
            name=op.f("ck_calendar_exceptions_one_layer"),
        ),
        sa.CheckConstraint(
            "agencies = 'scheduled' OR kind = 'open' AND agency_id IS NULL",
            name=op.f("ck_calendar_exceptions_all_by_the_mall"),
        ),
        sa.CheckConstraint(
            "opens ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' AND closes ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' AND (opens < closes OR kind = 'closed' AND coalesce(ends_on > starts_on, false))",
            name=op.f("ck_calendar_exceptions_hours_in_order"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_calendar_exceptions_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id"],
            ["agencies.mall_id", "agencies.id"],
            name=op.f("fk_calendar_exceptions_mall_id_agency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "service_id"],
            ["services.mall_id", "services.id"],
            name=op.f("fk_calendar_exceptions_mall_id_service_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "counter_id"],
            ["counters.mall_id", "counters.id"],
            name=op.f("fk_calendar_exceptions_mall_id_counter_id"),
        ),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_calendar_exceptions_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_calendar_exceptions")),
    )
    op.create_index(
        "ix_calendar_exceptions_days", "calendar_exceptions", ["mall_id", "starts_on", "ends_on"], unique=False
    )
    op.create_table(
        "closures",
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("counter_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("floor", sa.Text(), nullable=True),
        sa.Column("reason", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("waiting_tickets", sa.String(length=32), nullable=False),
        sa.Column("move_to_service_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_mall", sa.Boolean(), nullable=False),
        sa.Column("service_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("counter_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "waiting_tickets IN ('serve', 'keep', 'cancel', 'move')", name=op.f("ck_closures_waiting_tickets_known")
        ),
        sa.CheckConstraint(
            "(waiting_tickets = 'move') = (move_to_service_id IS NOT NULL)", name=op.f("ck_closures_moved_somewhere")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "move_to_service_id"],
            ["services.mall_id", "services.id"],
            name=op.f("fk_closures_mall_id_move_to_service_id"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(service_id, counter_id, location_id) <= 1", name=op.f("ck_closures_one_thing")
        ),
        sa.CheckConstraint("(location_id IS NULL) = (floor IS NULL)", name=op.f("ck_closures_floor_of_location")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_closures_in_order")),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id"], ["agencies.mall_id", "agencies.id"], name=op.f("fk_closures_mall_id_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "service_id"], ["services.mall_id", "services.id"], name=op.f("fk_closures_mall_id_service_id")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "counter_id"], ["counters.mall_id", "counters.id"], name=op.f("fk_closures_mall_id_counter_id")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "location_id"],
            ["locations.mall_id", "locations.id"],
            name=op.f("fk_closures_mall_id_location_id"),
        ),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_closures_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_closures")),
    )
    op.create_index(
        "ix_closures_running", "closures", ["mall_id"], unique=False, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "suspensions",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("suspended_from", sa.Date(), nullable=False),
        sa.Column("reinstated_from", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "waiting_tickets",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("waiting_tickets IN ('serve', 'cancel')", name=op.f("ck_suspensions_waiting_tickets_known")),
        sa.CheckConstraint("reinstated_from >= suspended_from", name=op.f("ck_suspensions_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["mall_id", "agreement_id"],
            ["agreements.mall_id", "agreements.id"],
            name=op.f("fk_suspensions_mall_id_agreement_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_suspensions")),
    )
    op.create_index(
        "ix_suspensions_agreement", "suspensions", ["mall_id", "agreement_id", "suspended_from"], unique=False
    )
    op.create_table(
        "counter_services",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("counter_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("helps", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id", "counter_id"],
            ["counters.mall_id", "counters.agency_id", "counters.id"],
            name=op.f("fk_counter_services_mall_id_agency_id_counter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id", "service_id"],
            ["services.mall_id", "services.agency_id", "services.id"],
            name=op.f("fk_counter_services_mall_id_agency_id_service_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "counter_id", "service_id", name=op.f("pk_counter_services")),
    )
    op.create_index("ix_counter_services_service", "counter_services", ["mall_id", "service_id"], unique=False)
    op.create_table(
        "service_day_counts",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("service_day", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("transferred_in", sa.Integer(), nullable=False),
        sa.Column("transferred_out", sa.Integer(), nullable=False),
        sa.Column("called", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("no_show", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("expired", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mall_id", "service_id"],
            ["services.mall_id", "services.id"],
            name=op.f("fk_service_day_counts_mall_id_service_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "service_day", "service_id", name=op.f("pk_service_day_counts")),
    )
    op.create_table(
        "service_figures",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("span", sa.String(length=32), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("service", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hour", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("channel", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counter", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("officer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("span IN ('day', 'month')", name=op.f("ck_service_figures_span_known")),
        sa.ForeignKeyConstraint(
            ["mall_id", "service_id"],
            ["services.mall_id", "services.id"],
            name=op.f("fk_service_figures_mall_id_service_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "span", "starts_on", "service_id", name=op.f("pk_service_figures")),
    )
    op.create_table(
        "service_stops",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("service_day", sa.Date(), nullable=False),
        sa.Column(
            "cause",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "waiting_tickets",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "cause IN ('officer', 'visitor', 'not_printed', 'forced', 'membership', 'retirement', 'closure', 'day_end')",
            name=op.f("ck_service_stops_cause_known"),
        ),
        sa.CheckConstraint(
            "waiting_tickets IN ('serve', 'cancel')", name=op.f("ck_service_stops_waiting_tickets_known")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "service_id"],
            ["services.mall_id", "services.id"],
            name=op.f("fk_service_stops_mall_id_service_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "service_id", "service_day", name=op.f("pk_service_stops")),
    )
    op.create_table(
        "tickets",
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("service_day", sa.Date(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("issued_service_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column(
            "priority_class",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("access_needs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column("effective_arrival", sa.Numeric(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("claim_hash", sa.LargeBinary(), nullable=False),
        sa.Column("address_mark", sa.LargeBinary(), nullable=True),
        sa.Column("phone_mark", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_phone", sa.Text(), nullable=True),
        sa.Column("absence_mark", sa.LargeBinary(), nullable=True),
        sa.Column("visit_step", sa.SmallInteger(), nullable=True),
        sa.Column("broken_rule", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("counter_id", sa.Uuid(), nullable=True),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("call_count", sa.SmallInteger(), nullable=False),
        sa.Column("print_count", sa.SmallInteger(), nullable=False),
        sa.Column("postponements", sa.SmallInteger(), nullable=False),
        sa.Column("neared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "closed_by",
            sa.String(length=32),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('called', 'serving')) <= (counter_id IS NOT NULL AND officer_id IS NOT NULL)",
            name=op.f("ck_tickets_active_at_a_counter"),
        ),
        sa.CheckConstraint(
            "(status IN ('completed', 'cancelled', 'expired')) = (closed_by IS NOT NULL)",
            name=op.f("ck_tickets_closed_by_someone"),
        ),
        sa.CheckConstraint(
            "(status IN ('completed', 'no_show', 'cancelled', 'expired')) = (ended_at IS NOT NULL)",
            name=op.f("ck_tickets_ended_when_over"),
        ),
        sa.CheckConstraint(
            "channel IN ('kiosk', 'web', 'partner', 'appointment')", name=op.f("ck_tickets_channel_known")
        ),
        sa.CheckConstraint(
            "closed_by IS NULL OR closed_by IN ('officer', 'visitor', 'not_printed', 'forced', 'membership', 'retirement', 'closure', 'day_end')",
            name=op.f("ck_tickets_closed_by_known"),
        ),
        sa.CheckConstraint("language IN ('id', 'en')", name=op.f("ck_tickets_language_known")),
        sa.CheckConstraint(
            "priority_class IN ('none', 'unspecified', 'disability', 'elderly', 'pregnant_or_nursing', 'with_small_child')",
            name=op.f("ck_tickets_priority_class_known"),
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'called', 'serving', 'on_hold', 'completed', 'no_show', 'cancelled', 'expired')",
            name=op.f("ck_tickets_status_known"),
        ),
        sa.CheckConstraint(
            "sealed_phone IS NULL OR status IN ('waiting', 'called', 'serving', 'on_hold')",
            name=op.f("ck_tickets_phone_while_unfinished"),
        ),
        sa.CheckConstraint("ordinal > 0", name=op.f("ck_tickets_ordinal_positive")),
        sa.CheckConstraint("visit_step > 0", name=op.f("ck_tickets_visit_step_positive")),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id", "service_id"],
            ["services.mall_id", "services.agency_id", "services.id"],
            name=op.f("fk_tickets_mall_id_agency_id_service_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "counter_id"], ["counters.mall_id", "counters.id"], name=op.f("fk_tickets_mall_id_counter_id")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "issued_service_id"],
            ["services.mall_id", "services.id"],
            name=op.f("fk_tickets_mall_id_issued_service_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "series_id"],
            ["number_series.mall_id", "number_series.id"],
            name=op.f("fk_tickets_mall_id_series_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "visit_id"], ["visits.mall_id", "visits.id"], name=op.f("fk_tickets_mall_id_visit_id")
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("mall_id", "claim_hash", name="uq_tickets_claim"),
        sa.UniqueConstraint("mall_id", "series_id", "service_day", "ordinal", name="uq_tickets_number"),
    )
    op.create_index("ix_tickets_agency", "tickets", ["mall_id", "agency_id", "id"], unique=False)
    op.create_index("ix_tickets_called", "tickets", ["mall_id", "service_day", "called_at"], unique=False)
    op.create_index(
        "ix_tickets_client",
        "tickets",
        ["mall_id", "issued_by", "service_day", "id"],
        unique=False,
        postgresql_where=sa.text("channel = 'partner'"),
    )
    op.create_index(
        "ix_tickets_absence",
        "tickets",
        ["mall_id", "absence_mark"],
        unique=False,
        postgresql_where=sa.text("absence_mark IS NOT NULL"),
    )
    op.create_index("ix_tickets_day", "tickets", ["mall_id", "service_day", "id"], unique=False)
    op.create_index(
        "ix_tickets_handled",
        "tickets",
        ["mall_id", "service_id", "ended_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('completed', 'no_show')"),
    )
    op.create_index(
        "ix_tickets_phone",
        "tickets",
        ["mall_id", "phone_mark"],
        unique=False,
        postgresql_where=sa.text("phone_mark IS NOT NULL"),
    )
    op.create_index(
        "ix_tickets_quota", "tickets", ["mall_id", "issued_service_id", "service_day", "channel"], unique=False
    )
    op.create_index("ix_tickets_service", "tickets", ["mall_id", "service_id", "id"], unique=False)
    op.create_index(
        "ix_tickets_unfinished",
        "tickets",
        ["mall_id", "service_day"],
        unique=False,
        postgresql_where=sa.text("status IN ('waiting', 'called', 'serving', 'on_hold')"),
    )
    op.create_index("ix_tickets_visit", "tickets", ["mall_id", "visit_id"], unique=False)
    op.create_index(
        "ix_tickets_waiting_of_address",
        "tickets",
        ["mall_id", "address_mark"],
        unique=False,
        postgresql_where=sa.text("status = 'waiting' AND address_mark IS NOT NULL"),
    )
    op.create_index(
        "ix_tickets_waiting",
        "tickets",
        ["mall_id", "service_day", "service_id", "effective_arrival"],
        unique=False,
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_index(
        "uq_tickets_at_counter",
        "tickets",
        ["mall_id", "counter_id", "service_day"],
        unique=True,
        postgresql_where=sa.text("status IN ('called', 'serving')"),
    )
    op.create_index(
        "uq_tickets_at_officer",
        "tickets",
        ["mall_id", "officer_id", "service_day"],
        unique=True,
        postgresql_where=sa.text("status IN ('called', 'serving')"),
    )
    op.create_index(
        "uq_tickets_of_visit",
        "tickets",
        ["mall_id", "visit_id", "service_day"],
        unique=True,
        postgresql_where=sa.text("status IN ('called', 'serving')"),
    )
    op.create_index(
        "uq_tickets_of_visit_at_service",
        "tickets",
        ["mall_id", "visit_id", "service_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('waiting', 'called', 'serving', 'on_hold')"),
    )
    op.create_table(
        "number_blocks",
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("service_day", sa.Date(), nullable=False),
        sa.Column("first_ordinal", sa.Integer(), nullable=False),
        sa.Column("last_ordinal", sa.Integer(), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "first_ordinal > 0 AND last_ordinal >= first_ordinal", name=op.f("ck_number_blocks_ordinals_in_order")
        ),
        sa.CheckConstraint("(status = 'reserved') = (ended_at IS NULL)", name=op.f("ck_number_blocks_ended_when_over")),
        sa.CheckConstraint("status IN ('reserved', 'reported', 'expired')", name=op.f("ck_number_blocks_status_known")),
        sa.ForeignKeyConstraint(
            ["mall_id", "device_id"],
            ["devices.mall_id", "devices.id"],
            name=op.f("fk_number_blocks_mall_id_device_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "series_id"],
            ["number_series.mall_id", "number_series.id"],
            name=op.f("fk_number_blocks_mall_id_series_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_number_blocks")),
    )
    op.create_index("ix_number_blocks_day", "number_blocks", ["mall_id", "service_day", "id"], unique=False)
    op.create_index(
        "uq_number_blocks_open",
        "number_blocks",
        ["mall_id", "device_id", "series_id"],
        unique=True,
        postgresql_where=sa.text("status = 'reserved'"),
    )
    op.create_table(
        "block_numbers",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('reserved', 'issued', 'void', 'unused')", name=op.f("ck_block_numbers_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "block_id"],
            ["number_blocks.mall_id", "number_blocks.id"],
            name=op.f("fk_block_numbers_mall_id_block_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "block_id", "ordinal", name=op.f("pk_block_numbers")),
    )
    op.create_table(
        "messages",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("sealed_phone", sa.Text(), nullable=True),
        sa.Column("sealed_code", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('phone_code', 'ticket_near')", name=op.f("ck_messages_kind_known")),
        sa.CheckConstraint("language IN ('id', 'en')", name=op.f("ck_messages_language_known")),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('delivered', 'failed')", name=op.f("ck_messages_outcome_known")
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR (sealed_phone IS NULL AND sealed_code IS NULL)",
            name=op.f("ck_messages_erased_when_over"),
        ),
        sa.CheckConstraint("(kind = 'ticket_near') = (ticket_id IS NOT NULL)", name=op.f("ck_messages_about_a_ticket")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (reported_at IS NULL)", name=op.f("ck_messages_reported_with_an_outcome")
        ),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_messages_mall_id")),
        sa.ForeignKeyConstraint(
            ["mall_id", "ticket_id"], ["tickets.mall_id", "tickets.id"], name=op.f("fk_messages_mall_id_ticket_id")
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_expiry", "messages", ["mall_id", "expires_at"], unique=False)
    op.create_index(
        "ix_messages_to_send",
        "messages",
        ["mall_id", "id"],
        unique=False,
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.create_table(
        "ticket_intervals",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("counter_id", sa.Uuid(), nullable=True),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('waiting', 'called', 'serving', 'on_hold')", name=op.f("ck_ticket_intervals_kind_known")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (outcome IS NULL)", name=op.f("ck_ticket_intervals_ended_with_an_outcome")
        ),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_ticket_intervals_times_in_order")),
        sa.ForeignKeyConstraint(
            ["mall_id", "counter_id"],
            ["counters.mall_id", "counters.id"],
            name=op.f("fk_ticket_intervals_mall_id_counter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "service_id"],
            ["services.mall_id", "services.id"],
            name=op.f("fk_ticket_intervals_mall_id_service_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "ticket_id"],
            ["tickets.mall_id", "tickets.id"],
            name=op.f("fk_ticket_intervals_mall_id_ticket_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_ticket_intervals")),
    )
    op.create_index(
        "ix_ticket_intervals_calls",
        "ticket_intervals",
        ["mall_id", "counter_id", "started_at"],
        unique=False,
        postgresql_where=sa.text("kind = 'called'"),
    )
    op.create_index("ix_ticket_intervals_ticket", "ticket_intervals", ["mall_id", "ticket_id", "id"], unique=False)
    op.create_index(
        "uq_ticket_intervals_open",
        "ticket_intervals",
        ["mall_id", "ticket_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "webhooks",
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("event_types", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old_sealed_secret", sa.Text(), nullable=True),
        sa.Column("old_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "disabled_because",
            sa.Enum("asked", "gone", "failing", name="disabledbecause", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "disabled_because IS NULL OR disabled_because IN ('asked', 'gone', 'failing')",
            name=op.f("ck_webhooks_disabled_because_known"),
        ),
        sa.CheckConstraint(
            "(disabled_because IS NULL) = (disabled_at IS NULL)", name=op.f("ck_webhooks_disabled_for_a_reason")
        ),
        sa.CheckConstraint(
            "(old_sealed_secret IS NULL) = (old_secret_until IS NULL)", name=op.f("ck_webhooks_old_secret_ends")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id"], ["agencies.mall_id", "agencies.id"], name=op.f("fk_webhooks_mall_id_agency_id")
        ),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_webhooks_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_webhooks")),
    )
    op.create_index(
        "ix_webhooks_active",
        "webhooks",
        ["mall_id"],
        unique=False,
        postgresql_where=sa.text("disabled_at IS NULL AND retired_at IS NULL"),
    )
    op.create_index("ix_webhooks_agency", "webhooks", ["mall_id", "agency_id", "id"], unique=False)
    op.create_table(
        "webhook_deliveries",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("accepted", "failed", "given_up", name="attemptoutcome", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "fault",
            sa.Enum(
                "refused",
                "address_not_allowed",
                "name_unknown",
                "not_connected",
                "not_trusted",
                "too_slow",
                "unreadable",
                name="attemptfault",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'accepted') = (fault IS NULL)", name=op.f("ck_webhook_deliveries_accepted_or_at_fault")
        ),
        sa.CheckConstraint(
            "fault IS NULL OR fault IN ('refused', 'address_not_allowed', 'name_unknown', 'not_connected', 'not_trusted', 'too_slow', 'unreadable')",
            name=op.f("ck_webhook_deliveries_fault_known"),
        ),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'failed', 'given_up')", name=op.f("ck_webhook_deliveries_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "webhook_id"],
            ["webhooks.mall_id", "webhooks.id"],
            name=op.f("fk_webhook_deliveries_mall_id_webhook_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "webhook_id", "id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index("ix_webhook_deliveries_expiry", "webhook_deliveries", ["mall_id", "expires_at"], unique=False)
    op.create_index(
        "ix_webhook_deliveries_outcome", "webhook_deliveries", ["mall_id", "webhook_id", "outcome", "id"], unique=False
    )
    op.create_table(
        "webhook_places",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("next_sequence", sa.BigInteger(), nullable=False),
        sa.Column("replay_next", sa.BigInteger(), nullable=True),
        sa.Column("replay_last", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(replay_next IS NULL) = (replay_last IS NULL)", name=op.f("ck_webhook_places_replay_has_an_end")
        ),
        sa.CheckConstraint("next_sequence > 0", name=op.f("ck_webhook_places_next_sequence_positive")),
        sa.ForeignKeyConstraint(
            ["mall_id", "webhook_id"],
            ["webhooks.mall_id", "webhooks.id"],
            name=op.f("fk_webhook_places_mall_id_webhook_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "webhook_id", name=op.f("pk_webhook_places")),
    )
    op.execute("INSERT INTO journals (mall_id) VALUES (0)")  # the platform's own


def downgrade() -> None:
    op.drop_table("webhook_places")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")
    op.drop_table("ticket_intervals")
    op.drop_table("messages")
    op.drop_table("block_numbers")
    op.drop_table("number_blocks")
    op.drop_table("tickets")
    op.drop_table("service_stops")
    op.drop_table("service_figures")
    op.drop_table("service_day_counts")
    op.drop_table("counter_services")
    op.drop_table("suspensions")
    op.drop_table("closures")
    op.drop_table("calendar_exceptions")
    op.drop_table("services")
    op.drop_table("number_days")
    op.drop_table("counter_sessions")
    op.drop_table("schedules")
    op.drop_table("number_series")
    op.drop_table("invitations")
    op.drop_table("grants")
    op.drop_table("devices")
    op.drop_table("counters")
    op.drop_table("clients")
    op.drop_table("agreements")
    op.drop_table("visits")
    op.drop_table("refresh_tokens")
    op.drop_table("phone_confirmations")
    op.drop_table("locations")
    op.drop_table("idempotency_keys")
    op.drop_table("removed_holidays")
    op.drop_table("holidays")
    op.drop_table("followers")
    op.drop_table("entries")
    op.drop_table("agencies")
    op.drop_table("signing_keys")
    op.drop_table("accounts")
    op.drop_table("malls")
    op.drop_table("leases")
    op.drop_table("journals")
    op.drop_table("attempts")
