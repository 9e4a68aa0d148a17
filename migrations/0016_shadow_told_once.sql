-- Why: how far a strategy's production is from its shadow is told once a market day, by whichever process looks first, and not again after
-- a restart. Figures told before say no day, and stand as they are.
CREATE UNIQUE INDEX "events_shadow_measured" ON "events" USING btree ((data->>'key'), (data->>'day')) WHERE kind = 'shadow.measured';
