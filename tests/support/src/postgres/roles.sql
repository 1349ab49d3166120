-- What pg_hba.conf lets each of them do is in that file. The variable is ROLE_PASSWORD.
CREATE ROLE tls_only LOGIN PASSWORD :'password';
CREATE ROLE plain_only LOGIN PASSWORD :'password';
CREATE ROLE cert_user LOGIN;
CREATE ROLE limited LOGIN PASSWORD :'password';
-- Before version 15 everybody may create tables in every database.
\connect template1
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
