"""docs/messages.md says nothing that does not work: its program is given a letter, and a server of this test receives it."""

from __future__ import annotations

import re
import socketserver
import subprocess
import sys
import threading
from pathlib import Path

from ogi_report.messages.letter import Letter, Section, as_draft

PAGE = Path(__file__).parents[2] / "docs" / "messages.md"


class _Postbox(socketserver.StreamRequestHandler):
    """As much of SMTP as a polite sender needs."""

    def handle(self) -> None:
        received: list[bytes] = []
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while (line := self.rfile.readline()) != b".\r\n":
                    received.append(line)
            elif word == b"RCPT":
                self.server.recipients.append(line)  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                break
        self.server.letters.append(b"".join(received))  # type: ignore[attr-defined]


def test_the_program_of_the_page_sends_a_letter(tmp_path: Path) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    letter = Letter("2024 年度：1 项必须改正", "某局", (Section(paragraphs=("请改正。",)),), to="a@b.example")
    (tmp_path / "letter.eml").write_bytes(as_draft(letter))
    with socketserver.TCPServer(("localhost", 0), _Postbox) as server:
        server.letters, server.recipients = [], []  # type: ignore[attr-defined]
        listening = threading.Thread(target=server.handle_request)
        listening.start()
        (tmp_path / "send.py").write_text(program.replace(", 25)", f", {server.server_address[1]})"), encoding="utf-8")
        subprocess.run([sys.executable, "send.py", "letter.eml"], cwd=tmp_path, check=True, timeout=60)
        listening.join(60)
        (received,) = server.letters  # type: ignore[attr-defined]
        assert [line.lower() for line in server.recipients] == [b"rcpt to:<a@b.example>\r\n"]  # type: ignore[attr-defined]
    assert b"X-Unsent" not in received
    assert b"Message-ID:" in received
