-- Why: webhooks get lost, and TradingView can send an alert by mail as well. A source may have a mailbox that is read by IMAP. Its password is encrypted
-- as broker keys are. How far the reading has come is kept here and not in the box, so that no mail is lost or taken twice across restarts; the
-- lease says which process reads it, to spare the others the work: that an alert counts once is the word of the unique key of signals. Of each mail
-- that was looked at stays what became of it.
CREATE TABLE "mailboxes" (
	"webhook_id" uuid PRIMARY KEY NOT NULL REFERENCES "webhook_tokens" ("id"),
	"settings" jsonb NOT NULL,
	"password_encrypted" text NOT NULL,
	"version" uuid NOT NULL,
	"reads_from" timestamp with time zone NOT NULL,
	"uid_validity" text,
	"last_uid" bigint DEFAULT 0 NOT NULL,
	"read_at" timestamp with time zone,
	"problem" text,
	"problem_since" timestamp with time zone,
	"lease_owner" text,
	"lease_until" timestamp with time zone,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mailbox_mails" (
	"webhook_id" uuid NOT NULL,
	"uid_validity" text NOT NULL,
	"uid" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"arrived_at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"code" text,
	"detail" text,
	"signal_id" uuid,
	PRIMARY KEY ("webhook_id", "uid_validity", "uid")
);
--> statement-breakpoint
CREATE INDEX "mailbox_mails_newest" ON "mailbox_mails" ("webhook_id", "at");
