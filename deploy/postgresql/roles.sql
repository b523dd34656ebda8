-- The database and its two roles: the owner migrates, the portal runs as a role that owns nothing, so that it
-- cannot take the record's trigger away (docs/record.md). Once, as PostgreSQL's superuser:
--
--     psql --file deploy/postgresql/roles.sql postgres
--     psql --file deploy/postgresql/roles.sql -v database=other postgres     -- another name of the database
--
-- Roles that are there already are left as they are; none has a password yet.
\set ON_ERROR_STOP on
\if :{?database} \else \set database belvedere \endif
\if :{?owner} \else \set owner belvedere_owner \endif
\if :{?web} \else \set web belvedere_web \endif

SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY[:'owner', :'web']) AS name
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
CREATE DATABASE :"database" OWNER :"owner" ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"web";
\connect :"database"
ALTER SCHEMA public OWNER TO :"owner";
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"web";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"web";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO :"web";
