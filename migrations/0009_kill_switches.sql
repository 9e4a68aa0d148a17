-- Why: a kill switch for everything, an account, a strategy or a symbol, several at once, each with its reason, its course and its end; and
-- that no entry leaves once one is engaged is made impossible by the database, whichever process asks.
CREATE TABLE "kill_switches" (
	"id" uuid PRIMARY KEY NOT NULL,
	"scope" text NOT NULL CHECK (scope IN ('all', 'account', 'strategy', 'symbol')),
	"key" text NOT NULL CHECK ((scope = 'all') = (key = '')),
	"reason" text NOT NULL,
	"engaged_by" text NOT NULL,
	"via" text NOT NULL,
	"flatten" boolean NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"engaged_at" timestamp with time zone NOT NULL,
	"stopped_at" timestamp with time zone NOT NULL,
	"last_entry_at" timestamp with time zone,
	"cancelled" integer,
	"cancelled_at" timestamp with time zone,
	"flat_at" timestamp with time zone,
	"lifted_at" timestamp with time zone,
	"lifted_by" text,
	"lift_reason" text
);
--> statement-breakpoint
CREATE UNIQUE INDEX "kill_switches_engaged" ON "kill_switches" USING btree ("scope","key") WHERE lifted_at is null;
--> statement-breakpoint
CREATE INDEX "kill_switches_history" ON "kill_switches" USING btree ("engaged_at");
--> statement-breakpoint
-- The one switch there was goes on as the one for everything. What it had to cancel is looked for again at the next start.
INSERT INTO "kill_switches" (id, scope, key, reason, engaged_by, via, flatten, requested_at, engaged_at, stopped_at)
SELECT gen_random_uuid(), 'all', '', coalesce(value ->> 'reason', 'No reason was given.'),
  coalesce(value ->> 'by', updated_by, 'unknown'), 'dashboard', false, at, at, at
FROM (SELECT *, coalesce((value ->> 'at')::timestamptz, updated_at) AS at FROM "settings" WHERE key = 'kill_switch') AS one
WHERE (value ->> 'engaged')::boolean;
--> statement-breakpoint
DELETE FROM "settings" WHERE key = 'kill_switch';
--> statement-breakpoint
-- Engaging locks `settings` against the mode taken here, so an entry's step either commits before the switch or sees it. The function is volatile:
-- each of its statements sees what was committed when it began, and the second one begins when the lock is held.
CREATE FUNCTION refuse_killed_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE settings IN ROW EXCLUSIVE MODE;
  IF EXISTS (
    SELECT FROM kill_switches k
    WHERE k.lifted_at IS NULL AND (
      k.scope = 'all' OR (k.scope = 'account' AND k.key = NEW.account_id::text)
      OR (k.scope = 'strategy' AND k.key = NEW.strategy) OR (k.scope = 'symbol' AND k.key = NEW.symbol))
  ) THEN
    RAISE EXCEPTION 'a kill switch is on: entry % is not sent', NEW.id USING ERRCODE = 'SBKIL';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER orders_killed BEFORE UPDATE OF status ON orders
  FOR EACH ROW WHEN (NEW.status = 'submitting' AND NEW.role = 'entry') EXECUTE FUNCTION refuse_killed_entry();
