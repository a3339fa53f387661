//! Patches made by hand, as agents and datasets leave them: what git writes of every kind of change, and heads that try
//! to mislead a reader. Git applies all of them.

/// A name that says what is in it, and the patch.
pub const PATCHES: [(&str, &str); 15] = [
    (
        "a head after an empty line, no newline at its end",
        "\ndiff --git a/a.py b/a.py\nindex 1..2 100644\n--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n-a\n+b\n c",
    ),
    (
        "renamed, untouched and touched",
        "diff --git a/old.py b/new/old.py\nsimilarity index 100%\nrename from old.py\nrename to new/old.py\n\
         diff --git a/x.go b/y.go\nsimilarity index 90%\nrename from x.go\nrename to y.go\nindex 1..2 100644\n\
         --- a/x.go\n+++ b/y.go\n@@ -1,2 +1,2 @@\n package x\n-var a = 1\n+var a = 2\n",
    ),
    (
        "copied",
        "diff --git a/x.go b/y.go\nsimilarity index 90%\ncopy from x.go\ncopy to y.go\nindex 1..2 100644\n\
         --- a/x.go\n+++ b/y.go\n@@ -1 +1,2 @@\n package x\n+var a = 2\n",
    ),
    (
        "a binary file with its bytes, then a text",
        "diff --git a/logo.gif b/logo.gif\n\
         index eea4e45bd69d93db2e505f97d05f724b662ad3c6..d42e890fe6298bd46673984ee7864a138b45ee83 100644\n\
         GIT binary patch\nliteral 15\nWcmZ?wbhEHbWME`s$uG%BEdl@=J_FJK\n\nliteral 16\nXcmZ?wbhEHbWME`sPRh(nEUE+m9|;6B\n\n\
         diff --git a/z.md b/z.md\nindex 1..2 100644\n--- a/z.md\n+++ b/z.md\n@@ -1 +1 @@\n-a\n+b\n",
    ),
    (
        "a binary file without its bytes",
        "diff --git a/a b.gif b/a b.gif\nindex eea4e45..d42e890 100644\nBinary files a/a b.gif and b/a b.gif differ\n",
    ),
    (
        "no newline at the end, before and after",
        "diff --git a/a b/a\nindex 1..2 100644\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n\
         diff --git a/b b/b\nindex 1..2 100644\n--- a/b\n+++ b/b\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n\\ No newline at end of file\n",
    ),
    (
        "new: text, empty, a program",
        "diff --git a/n.rs b/n.rs\nnew file mode 100644\nindex 0000000..1234567\n--- /dev/null\n+++ b/n.rs\n@@ -0,0 +1,2 @@\n+fn n() {\n+}\n\
         diff --git a/__init__.py b/__init__.py\nnew file mode 100644\nindex 0000000..e69de29\n\
         diff --git a/run b/run\nnew file mode 100755\nindex 0000000..1\n--- /dev/null\n+++ b/run\n@@ -0,0 +1 @@\n+#!/bin/sh\n",
    ),
    (
        "deleted: text, empty",
        "diff --git a/d.py b/d.py\ndeleted file mode 100644\nindex 1234567..0000000\n--- a/d.py\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n\
         diff --git a/e.py b/e.py\ndeleted file mode 100644\nindex e69de29..0000000\n",
    ),
    (
        "another mode only",
        "diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n",
    ),
    (
        "every line ends with CRLF",
        "diff --git a/w.cs b/w.cs\r\nindex 1..2 100644\r\n--- a/w.cs\r\n+++ b/w.cs\r\n@@ -1,2 +1,3 @@ class W\r\n a\r\n-b\r\n+c\r\n+d\r\n",
    ),
    (
        "only the texts' lines end with CRLF",
        "diff --git a/w.cs b/w.cs\nindex 1..2 100644\n--- a/w.cs\n+++ b/w.cs\n@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\n",
    ),
    (
        "names in quotes, with spaces, that look like two",
        "diff --git \"a/\\303\\244\\t\\\".py\" \"b/\\303\\244\\t\\\".py\"\nindex 1..2 100644\n--- \"a/\\303\\244\\t\\\".py\"\n+++ \"b/\\303\\244\\t\\\".py\"\n@@ -1 +1 @@\n-a\n+b\n\
         diff --git a/a b/a b/a b/a\nold mode 100644\nnew mode 100755\n\
         diff --git a/b c.py b/b c.py\nindex 1..2 100644\n--- a/b c.py\t\n+++ b/b c.py\t\n@@ -1 +1 @@\n-a\n+b\n",
    ),
    (
        "lines of a text that look like heads",
        "diff --git a/p.diff b/p.diff\nindex 1..2 100644\n--- a/p.diff\n+++ b/p.diff\n@@ -1,5 +1,5 @@\n--- a/x\n-++ b/x\n+-- a/y\n+++ b/y\n \
         @@ -1 +1 @@\n diff --git a/x b/x\n \n",
    ),
    (
        "words before, between and after, as a log has them",
        "commit 1234567\nAuthor: A <a@b.c>\n\n    - mends it\n\ndiff --git a/a b/a\nindex 1..2 100644\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n+b\n\
         \ncommit 1234568\n\n    + adds it\n\ndiff --git a/b b/b\nindex 1..2 100644\n--- a/b\n+++ b/b\n@@ -1 +1,2 @@\n a\n+b\n-- \n2.39.5\n",
    ),
    (
        "hunks far from each other, without context, without counts",
        "--- a/u.py\t2024-01-01 00:00:00\n+++ b/u.py\t2024-01-02 00:00:00\n@@ -3,0 +4,2 @@ def f():\n+x\n+y\n@@ -100 +102 @@\n-a\n+b\n@@ -200,2 +201,0 @@\n-a\n-b\n",
    ),
];
