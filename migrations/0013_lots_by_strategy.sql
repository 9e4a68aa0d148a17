-- Why: the shares of an account are those of its strategies, always: a commit after which they do not add up is refused. What was posted
-- before strategies were kept apart is named after whoever was given the position then, so that lots can be made anew from the entries.
ALTER TABLE "ledger_entries" DISABLE TRIGGER ledger_entries_append_only;
--> statement-breakpoint
UPDATE "ledger_entries" e SET strategy = p.strategy FROM "strategy_positions" p
WHERE e.strategy IS NULL AND p.account_id = e.account_id AND p.symbol = e.symbol;
--> statement-breakpoint
ALTER TABLE "ledger_entries" ENABLE TRIGGER ledger_entries_append_only;
--> statement-breakpoint
ALTER TABLE "trade_executions" ADD COLUMN "strategy_realized_pnl" numeric DEFAULT '0' NOT NULL;
--> statement-breakpoint
ALTER TABLE "trade_executions" DISABLE TRIGGER trade_executions_append_only;
--> statement-breakpoint
UPDATE "trade_executions" SET strategy_realized_pnl = realized_pnl WHERE realized_pnl <> 0;
--> statement-breakpoint
ALTER TABLE "trade_executions" ENABLE TRIGGER trade_executions_append_only;
--> statement-breakpoint
CREATE FUNCTION refuse_shares_of_nobody() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held numeric; owned numeric;
BEGIN
  SELECT coalesce(sum(quantity), 0) INTO held FROM positions WHERE account_id = NEW.account_id AND symbol = NEW.symbol;
  SELECT coalesce(sum(quantity), 0) INTO owned FROM strategy_positions WHERE account_id = NEW.account_id AND symbol = NEW.symbol;
  IF held <> owned THEN
    RAISE EXCEPTION 'account % holds % %, its strategies %', NEW.account_id, held, NEW.symbol, owned USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER positions_have_owners AFTER INSERT OR UPDATE ON positions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_shares_of_nobody();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER strategy_positions_are_held AFTER INSERT OR UPDATE ON strategy_positions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_shares_of_nobody();
