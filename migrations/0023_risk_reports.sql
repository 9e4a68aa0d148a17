-- Why: the risk report of a day is made once, by whichever process comes first, and stays as it was made: what is final is not changed. The
-- day's refusals are counted by the time of the decision.
CREATE TABLE "risk_reports" (
	"day" date PRIMARY KEY NOT NULL,
	"final" boolean NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"report" jsonb NOT NULL
);
--> statement-breakpoint
CREATE FUNCTION refuse_final_report_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF OLD.final THEN
		RAISE EXCEPTION 'the risk report of % is final', OLD.day;
	END IF;
	RETURN coalesce(NEW, OLD);
END
$$;
--> statement-breakpoint
CREATE TRIGGER "risk_reports_final" BEFORE UPDATE OR DELETE ON "risk_reports" FOR EACH ROW EXECUTE FUNCTION refuse_final_report_change();
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "decisions_decided_at" ON "decisions" USING btree ("decided_at");
