-- Why: a decision asks what an account has done lately with its row locked, so none of it may be summed over all of history: balances, the
-- trades that are closed and the marks of equity are kept where the entries, fills and snapshots are written, in the same transaction.
CREATE TABLE "account_balances" (
	"account_id" uuid NOT NULL REFERENCES "accounts"("id"),
	"book" text NOT NULL,
	"balance" numeric NOT NULL,
	CONSTRAINT "account_balances_pk" PRIMARY KEY("account_id","book")
) WITH (fillfactor = 50);
--> statement-breakpoint
INSERT INTO "account_balances" SELECT account_id, book, sum(amount) FROM "ledger_entries" GROUP BY account_id, book;
--> statement-breakpoint
CREATE FUNCTION keep_account_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO account_balances AS kept (account_id, book, balance)
  SELECT account_id, book, sum(amount) FROM entered GROUP BY account_id, book ORDER BY account_id, book
  ON CONFLICT (account_id, book) DO UPDATE SET balance = kept.balance + excluded.balance;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Here and not in the code that posts: an entry that is not counted cannot be written.
CREATE TRIGGER ledger_entries_keep_balances AFTER INSERT ON ledger_entries
  REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION keep_account_balances();
--> statement-breakpoint
CREATE TABLE "account_marks" (
	"account_id" uuid PRIMARY KEY NOT NULL REFERENCES "accounts"("id"),
	"first_at" timestamp with time zone,
	"first_equity" numeric,
	"capital_at_first" numeric,
	"peak_equity" numeric,
	"peak_at" timestamp with time zone,
	"trades_version" bigint DEFAULT 0 NOT NULL
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE FUNCTION capital_until(account uuid, moment timestamp with time zone) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(e.amount), 0) FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
  WHERE e.account_id = account AND e.book = 'capital' AND t.posted_at <= moment
$$;
--> statement-breakpoint
INSERT INTO "account_marks" (account_id, first_at, first_equity, capital_at_first, peak_equity, peak_at)
SELECT first.account_id, first.at, first.equity, capital_until(first.account_id, first.at), peak.equity, peak.at
FROM (SELECT DISTINCT ON (account_id) account_id, at, equity FROM equity_snapshots ORDER BY account_id, at) AS first
JOIN (SELECT DISTINCT ON (account_id) account_id, at, equity FROM equity_snapshots ORDER BY account_id, equity DESC, at) AS peak
  USING (account_id);
--> statement-breakpoint
CREATE FUNCTION keep_equity_marks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE known account_marks;
BEGIN
  SELECT * INTO known FROM account_marks WHERE account_id = NEW.account_id;
  IF known.first_at IS NULL OR NEW.at < known.first_at THEN
    INSERT INTO account_marks AS kept (account_id, first_at, first_equity, capital_at_first, peak_equity, peak_at)
    VALUES (NEW.account_id, NEW.at, NEW.equity, capital_until(NEW.account_id, NEW.at), NEW.equity, NEW.at)
    ON CONFLICT (account_id) DO UPDATE SET first_at = excluded.first_at, first_equity = excluded.first_equity,
      capital_at_first = excluded.capital_at_first WHERE kept.first_at IS NULL OR excluded.first_at < kept.first_at;
  END IF;
  UPDATE account_marks SET peak_equity = NEW.equity, peak_at = NEW.at
  WHERE account_id = NEW.account_id AND (peak_equity IS NULL OR peak_equity < NEW.equity);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER equity_snapshots_keep_marks AFTER INSERT ON equity_snapshots
  FOR EACH ROW EXECUTE FUNCTION keep_equity_marks();
--> statement-breakpoint
CREATE TABLE "closed_trades" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
	"account_id" uuid NOT NULL REFERENCES "accounts"("id"),
	"strategy" text NOT NULL,
	"symbol" text NOT NULL,
	"side" text NOT NULL,
	"quantity" numeric NOT NULL,
	"profit" numeric NOT NULL,
	"signal_id" uuid,
	"opened_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "closed_trades_newest" ON "closed_trades" USING btree ("account_id","closed_at","seq");
--> statement-breakpoint
CREATE INDEX "closed_trades_of" ON "closed_trades" USING btree ("account_id","strategy","symbol");
--> statement-breakpoint
CREATE FUNCTION count_trade_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO account_marks AS kept (account_id, trades_version)
  SELECT DISTINCT account_id, 1 FROM changed
  ON CONFLICT (account_id) DO UPDATE SET trades_version = kept.trades_version + 1;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER closed_trades_count_inserts AFTER INSERT ON closed_trades
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_trade_changes();
--> statement-breakpoint
CREATE TRIGGER closed_trades_count_deletes AFTER DELETE ON closed_trades
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_trade_changes();
--> statement-breakpoint
-- Where the fold of a strategy's fills of a symbol stands, so that the next fill takes it one step on. Those of before are folded at the
-- next start, as the fold is code.
CREATE TABLE "trade_folds" (
	"account_id" uuid NOT NULL REFERENCES "accounts"("id"),
	"strategy" text NOT NULL,
	"symbol" text NOT NULL,
	"side" text,
	"signal_id" uuid,
	"opened_at" timestamp with time zone,
	"held" numeric DEFAULT '0' NOT NULL,
	"opened" numeric DEFAULT '0' NOT NULL,
	"cash" numeric DEFAULT '0' NOT NULL,
	"last_at" timestamp with time zone,
	"last_cumulative" numeric,
	"last_id" uuid,
	"stale" boolean DEFAULT false NOT NULL,
	CONSTRAINT "trade_folds_pk" PRIMARY KEY("account_id","strategy","symbol")
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE INDEX "trade_folds_stale" ON "trade_folds" USING btree ("account_id") WHERE stale;
--> statement-breakpoint
INSERT INTO "trade_folds" (account_id, strategy, symbol, stale)
SELECT DISTINCT account_id, strategy, symbol, true FROM orders WHERE filled_quantity > 0
UNION
SELECT DISTINCT account_id, strategy, symbol, true FROM strategy_positions WHERE strategy <> 'external';
--> statement-breakpoint
CREATE INDEX "orders_entries" ON "orders" USING btree ("account_id","created_at") WHERE role = 'entry';
