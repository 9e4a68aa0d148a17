-- Why: a stream event of a bracket's leg names its parent by the group alone, words of the broker can overtake each other,
-- and positions made anew from the ledger need the order in which its transactions were posted.
ALTER TABLE "orders" ADD COLUMN "broker_group_id" text;
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "broker_updated_at" timestamp with time zone;
--> statement-breakpoint
CREATE INDEX "orders_broker_group" ON "orders" USING btree ("account_id","broker_group_id") WHERE broker_group_id is not null;
--> statement-breakpoint
ALTER TABLE "ledger_transactions" ADD COLUMN "seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "ledger_transactions_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1);
