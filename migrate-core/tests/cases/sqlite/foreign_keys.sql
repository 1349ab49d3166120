Foreign keys.

== what they point to is not looked at (V25)
CREATE TABLE c (a references nosuch, b references nosuch (x), d references c (nocol));
CREATE TABLE g (a references nosuch on insert cascade match full not deferrable initially deferred);
CREATE TABLE h (a, b, foreign key (a, b) references c (x, y) on delete set null on update cascade deferrable initially deferred, constraint fk foreign key (b) references "c" on delete set default);
CREATE TABLE i (a references c on delete restrict deferrable, b references c on update no action);
CREATE TABLE bad (a, foreign key (zz) references c);
CREATE TABLE bad (a references main.c);
CREATE TABLE bad (a, foreign key (a) references c (x, y));
CREATE TABLE bad (a references c (x, y));
CREATE TABLE bad (a references c on delete nothing);
CREATE TABLE bad (a references c initially deferred);

-- result
-- 5:35: refused: unknown column "zz" in foreign key definition
-- 6:36: refused: near ".": syntax error
-- 7:49: refused: number of columns in foreign key does not match the number of columns in the referenced table
-- 8:38: refused: foreign key on a should reference only one column of table c
-- 9:44: refused: near "nothing": syntax error
-- 10:34: refused: near "initially": syntax error
CREATE TABLE c (
    a REFERENCES nosuch,
    b REFERENCES nosuch (x),
    d REFERENCES c (nocol)
);
CREATE TABLE g (
    a REFERENCES nosuch MATCH FULL
);
CREATE TABLE h (
    a,
    b,
    FOREIGN KEY (a, b) REFERENCES c (x, y) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk FOREIGN KEY (b) REFERENCES c ON DELETE SET DEFAULT
);
CREATE TABLE i (
    a REFERENCES c ON DELETE RESTRICT DEFERRABLE,
    b REFERENCES c
);
