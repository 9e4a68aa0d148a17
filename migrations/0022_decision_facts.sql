-- Why: a changed configuration or release is tried on alerts that were decided already, and for that each decision keeps what it was made on.
-- Deflated by us, so it is not compressed again; apart from decisions, as it is deleted after a while and they are not.
CREATE TABLE "decision_facts" (
	"decision_id" uuid PRIMARY KEY NOT NULL REFERENCES "decisions"("id"),
	"decided_at" timestamp with time zone NOT NULL,
	"facts" bytea NOT NULL
);
--> statement-breakpoint
ALTER TABLE "decision_facts" ALTER COLUMN "facts" SET STORAGE EXTERNAL;
--> statement-breakpoint
CREATE INDEX "decision_facts_decided" ON "decision_facts" USING btree ("decided_at");
