-- Why: the embedded exchange keeps books of its own, apart from ours, so that ours can be compared with them like with any broker's.
-- An order is a document here: only what is searched for is a column.
CREATE SCHEMA exchange;
--> statement-breakpoint
CREATE TABLE exchange.accounts (
  id uuid PRIMARY KEY,
  data jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE exchange.orders (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES exchange.accounts,
  client_order_id text NOT NULL,
  final boolean NOT NULL,
  sequence bigint NOT NULL,
  data jsonb NOT NULL,
  UNIQUE (account_id, client_order_id)
);
--> statement-breakpoint
CREATE INDEX orders_open ON exchange.orders (sequence) WHERE NOT final;
--> statement-breakpoint
CREATE INDEX orders_sequence ON exchange.orders (sequence);
--> statement-breakpoint
CREATE TABLE exchange.executions (
  id uuid PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES exchange.orders,
  sequence bigint NOT NULL UNIQUE,
  data jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE exchange.positions (
  account_id uuid NOT NULL REFERENCES exchange.accounts,
  symbol text NOT NULL,
  data jsonb NOT NULL,
  PRIMARY KEY (account_id, symbol)
);
--> statement-breakpoint
CREATE TABLE exchange.prices (
  symbol text PRIMARY KEY,
  price double precision NOT NULL
);
