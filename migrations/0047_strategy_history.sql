-- Why: a strategy's page shows what people did to it, out of all that ever happened.
CREATE INDEX "events_strategy" ON "events" USING btree (("data"->>'key'), "xid", "seq") WHERE kind IN ('strategy.changed', 'strategy.promoted');
