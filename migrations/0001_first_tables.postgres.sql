-- Ids are as wide here as on SQLite.
ALTER TABLE jobs ALTER COLUMN id TYPE BIGINT;
ALTER TABLE deliveries ALTER COLUMN id TYPE BIGINT;
-- Bodies are written once and read once: packing them costs more than it saves.
ALTER TABLE deliveries ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE jobs ALTER COLUMN body SET STORAGE EXTERNAL;
-- A queue's rows change often; what they leave behind is cleared early.
ALTER TABLE jobs SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
