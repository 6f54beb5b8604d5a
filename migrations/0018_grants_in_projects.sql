-- Rights that end by themselves may be in a whole project, and say what they are for.
ALTER TABLE grants ADD COLUMN project TEXT;
ALTER TABLE grants ADD COLUMN reason TEXT;
CREATE INDEX grants_in_projects ON grants (project);
