-- Why: an entry may wait for a person. What is asked, on which terms and until when is a row beside its decision, which stays the one decision
-- of its alert and account; everybody has one vote, and the table knows it.
CREATE TABLE "approvals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"decision_id" uuid NOT NULL UNIQUE REFERENCES "decisions"("id"),
	"signal_id" uuid NOT NULL REFERENCES "trading_signals"("id"),
	"account_id" uuid NOT NULL REFERENCES "accounts"("id"),
	"strategy" text NOT NULL,
	"symbol" text NOT NULL,
	"side" text NOT NULL CHECK (side IN ('buy', 'sell')),
	"quantity" numeric NOT NULL CHECK (quantity > 0),
	"price" numeric NOT NULL CHECK (price > 0),
	"sizing" jsonb NOT NULL,
	"asks" jsonb NOT NULL,
	"votes_needed" integer NOT NULL CHECK (votes_needed IN (1, 2)),
	"state" text NOT NULL CHECK (state IN ('open', 'approved', 'rejected', 'expired', 'withdrawn')),
	"asked_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"withdrawn_by" uuid REFERENCES "trading_signals"("id"),
	"settled_at" timestamp with time zone,
	CHECK (expires_at > asked_at),
	CHECK (settled_at IS NULL OR state <> 'open')
);
--> statement-breakpoint
CREATE INDEX "approvals_unsettled" ON "approvals" USING btree ("account_id","strategy","symbol") WHERE settled_at IS NULL;
--> statement-breakpoint
CREATE INDEX "approvals_asked" ON "approvals" USING btree ("asked_at" DESC,"id");
--> statement-breakpoint
CREATE INDEX "approvals_signal" ON "approvals" USING btree ("signal_id");
--> statement-breakpoint
CREATE TABLE "approval_votes" (
	"approval_id" uuid NOT NULL REFERENCES "approvals"("id"),
	"voter" text NOT NULL,
	"name" text NOT NULL,
	"verdict" text NOT NULL CHECK (verdict IN ('approve', 'reject')),
	"reason" text,
	"at" timestamp with time zone NOT NULL,
	PRIMARY KEY ("approval_id","voter")
);
