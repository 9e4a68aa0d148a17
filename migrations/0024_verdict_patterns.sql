-- Why: people look decisions up by what a rule said, and count a day's verdicts, among a great many decisions. Most decisions are given the
-- very same verdicts, so that each different set of them is kept once and a decision names its own: a day's counts are then those of its few
-- sets, and a rule's refusals are found by the sets that have them, without opening a single verdict.
CREATE TABLE "verdict_patterns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"verdicts" text[] NOT NULL
);
--> statement-breakpoint
-- "rule:verdict", each once, in the order in which the gate gave them: the first that denies names the refusal.
CREATE FUNCTION verdicts_in_order(given jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(array_agg(said ORDER BY place), '{}') FROM (
    SELECT (one ->> 'rule') || ':' || (one ->> 'verdict') AS said, min(nth) AS place
    FROM jsonb_array_elements(CASE jsonb_typeof(given) WHEN 'array' THEN given ELSE '[]' END) WITH ORDINALITY AS each(one, nth)
    WHERE one ->> 'rule' IS NOT NULL AND one ->> 'verdict' IS NOT NULL
    GROUP BY 1) AS told
$$;
--> statement-breakpoint
-- No foreign key: it would lock the one row that most decisions of a day share. The trigger is what keeps the two together.
ALTER TABLE "decisions" ADD COLUMN "pattern_id" uuid;
--> statement-breakpoint
CREATE FUNCTION keep_verdict_pattern() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told text[] := verdicts_in_order(NEW.verdicts);
  pattern uuid := md5(array_to_string(told, ' '))::uuid;
BEGIN
  IF NOT EXISTS (SELECT FROM verdict_patterns WHERE id = pattern) THEN
    INSERT INTO verdict_patterns (id, verdicts) VALUES (pattern, told) ON CONFLICT (id) DO NOTHING;
  END IF;
  NEW.pattern_id := pattern;
  RETURN NEW;
END $$;
--> statement-breakpoint
-- Here and not in the code that decides: a decision that is not counted cannot be written.
CREATE TRIGGER decisions_keep_pattern BEFORE INSERT OR UPDATE OF verdicts ON decisions
  FOR EACH ROW EXECUTE FUNCTION keep_verdict_pattern();
--> statement-breakpoint
UPDATE "decisions" SET verdicts = verdicts;
--> statement-breakpoint
ALTER TABLE "decisions" ALTER COLUMN "pattern_id" SET NOT NULL;
--> statement-breakpoint
DROP INDEX IF EXISTS "decisions_decided_at";
--> statement-breakpoint
CREATE INDEX "decisions_newest" ON "decisions" USING btree ("decided_at","id") INCLUDE ("pattern_id","outcome","code");
--> statement-breakpoint
CREATE INDEX "decisions_pattern" ON "decisions" USING btree ("pattern_id","decided_at","id");
--> statement-breakpoint
CREATE INDEX "decisions_code" ON "decisions" USING btree ("code","decided_at","id") WHERE code IS NOT NULL;
--> statement-breakpoint
CREATE INDEX "decisions_account" ON "decisions" USING btree ("account_id","decided_at","id");
--> statement-breakpoint
CREATE INDEX "decisions_rare" ON "decisions" USING btree ("decided_at","id") WHERE mode = 'production' OR outcome = 'held';
--> statement-breakpoint
CREATE INDEX "trading_signals_strategy" ON "trading_signals" USING btree ("strategy","received_at");
