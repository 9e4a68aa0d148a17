-- Why: an order that waits for another one of its decision must know how that one has to end: with the position closed, filled at all, or sent.
ALTER TABLE "orders" ADD COLUMN "after_when" text;
