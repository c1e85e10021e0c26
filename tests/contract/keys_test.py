#!/usr/bin/env python3
"""Which keys ./podium finds for the containers (deploy/lib/settings.sh), and what it says of files
that others can read."""
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

LIBRARY = Path(__file__).resolve().parents[2] / "deploy/lib"
SCRIPT = f"""set -euo pipefail
ROOT=$1
source {LIBRARY}/say.sh
source {LIBRARY}/settings.sh
KEYS=(KAGGLE_API_TOKEN KAGGLE_JSON OPENAI_API_KEY PODIUM_SMTP_CA)
mkdir -p "$SECRETS_FOLDER"
write_keys
"""


class Keys(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, name, content, mode=0o600):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        file.chmod(mode)
        return file

    def found(self, **settings):
        """The keys that were found, and what was said."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.root / "home"), **settings}
        ended = subprocess.run(["bash", "-c", SCRIPT, "bash", str(self.root)], env=environment,
                               capture_output=True, text=True, check=True, timeout=60)
        keys = {file.name: file.read_text(encoding="utf-8")
                for file in (self.root / "deploy/compose/secrets").iterdir()}
        return {name: key for name, key in keys.items() if key}, ended.stderr

    def test_a_key_file_that_everybody_can_read_is_told_with_its_setting(self):
        file = self.write("key", "secret", 0o644)
        self.write(".env", f"OPENAI_API_KEY_FILE={file}\n")
        keys, said = self.found()
        self.assertEqual(keys, {"openai_api_key": "secret"})
        self.assertIn(f"OPENAI_API_KEY_FILE={file}; chmod 600 {file}", said)
        file.chmod(0o640)
        self.assertEqual(self.found()[1], "")

    def test_certificates_may_be_read_by_everybody(self):
        self.write(".env", f"PODIUM_SMTP_CA_FILE={self.write('ca.pem', 'ca', 0o644)}\n")
        self.assertEqual(self.found(), ({"podium_smtp_ca": "ca"}, ""))

    def test_a_token_that_is_the_path_of_an_open_file_is_told(self):
        file = self.write("token", "secret", 0o644)
        keys, said = self.found(KAGGLE_API_TOKEN=str(file))
        self.assertEqual(keys, {"kaggle_api_token": "secret"})
        self.assertIn(f"KAGGLE_API_TOKEN={file}", said)

    def test_what_kaggles_client_keeps_is_found(self):
        kept = '{"username": "ada", "key": "0123"}'
        file = self.write("home/.kaggle/kaggle.json", kept, 0o640)
        keys, said = self.found()
        self.assertEqual(keys, {"kaggle_json": kept})
        self.assertIn(str(file), said)

    def test_a_folder_for_kaggles_client_is_the_only_one(self):
        self.write("home/.kaggle/kaggle.json", '{"username": "ada", "key": "0123"}')
        self.write("home/.config/kaggle/kaggle.json", '{"username": "bob", "key": "0123"}')
        self.assertEqual(self.found(KAGGLE_CONFIG_DIR=str(self.root / "other")), ({}, ""))
        kept = '{"username": "eve", "key": "0123"}'
        self.write("other/kaggle.json", kept)
        self.assertEqual(self.found(KAGGLE_CONFIG_DIR=str(self.root / "other")),
                         ({"kaggle_json": kept}, ""))


if __name__ == "__main__":
    unittest.main()
