-- Why: who did what is to be proved later, to people who do not trust the machine it was done on: each entry holds the hash of the one before,
-- so that what is changed, taken away or put in between is found. What is hashed is the text itself; the columns to search by are made from it.
CREATE TABLE "audit_entries" (
	"number" bigint PRIMARY KEY NOT NULL CHECK (number > 0),
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL UNIQUE,
	"entry" text NOT NULL,
	"event_id" uuid GENERATED ALWAYS AS (((entry::jsonb ->> 'event'))::uuid) STORED UNIQUE,
	"at" text GENERATED ALWAYS AS ((entry::jsonb ->> 'at')) STORED,
	"kind" text GENERATED ALWAYS AS ((entry::jsonb ->> 'kind')) STORED,
	"who" text GENERATED ALWAYS AS ((entry::jsonb ->> 'who')) STORED
);
--> statement-breakpoint
CREATE INDEX "audit_entries_at" ON "audit_entries" USING btree ("at");
--> statement-breakpoint
CREATE INDEX "audit_entries_who" ON "audit_entries" USING btree ("who", "number");
--> statement-breakpoint
CREATE INDEX "audit_entries_kind" ON "audit_entries" USING btree ("kind", "number");
--> statement-breakpoint
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE FUNCTION refuse_broken_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
  SELECT number, hash INTO last FROM audit_entries ORDER BY number DESC LIMIT 1;
  IF NEW.number <> coalesce(last.number, 0) + 1 OR NEW.previous_hash <> coalesce(last.hash, repeat('0', 64)) THEN
    RAISE EXCEPTION 'audit entry % does not follow entry %', NEW.number, coalesce(last.number, 0) USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_entries_follow BEFORE INSERT ON audit_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_broken_chain();
