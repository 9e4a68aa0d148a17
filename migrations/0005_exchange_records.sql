-- Why: beside its books the exchange keeps what clients ask for later: what the stream told, what an account was worth, watchlists.
CREATE TABLE exchange.updates (
  sequence bigint PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES exchange.accounts,
  at timestamptz NOT NULL,
  data jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX updates_account ON exchange.updates (account_id, sequence);
--> statement-breakpoint
CREATE TABLE exchange.equity (
  account_id uuid NOT NULL REFERENCES exchange.accounts,
  at timestamptz NOT NULL,
  equity bigint NOT NULL,
  maintenance_margin bigint NOT NULL,
  PRIMARY KEY (account_id, at)
);
--> statement-breakpoint
CREATE TABLE exchange.closing_prices (
  symbol text NOT NULL,
  day date NOT NULL,
  price bigint NOT NULL,
  PRIMARY KEY (symbol, day)
);
--> statement-breakpoint
CREATE TABLE exchange.watchlists (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES exchange.accounts,
  name text NOT NULL,
  symbols text[] NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (account_id, name)
);
