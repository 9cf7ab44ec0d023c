"""Changes of a workspace as people make them, and what a folder holds afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from pathlib import Path

WORDS = ("plain", "**bold**", "[other](full.md)", "[file](../attachments/new.pdf)")
"""What is said in a follow-up."""

RECORD = """---
name: {name}
stage: {stage}
owner: 李雷
level: A
value: {value}
contacts:
  - name: 王芳
    phone: 0512-6000-{number:04}
---

## 2026-11-20 10:00 call

{text}

- next: 2026-11-{day:02} 10:00 call
- [ ] send the quote @2026-11-{day:02}
"""


def record(
    name: str, number: int = 0, day: int = 27, text: str = "plain", **other: str | int
) -> str:
    """Return the text of a record with one follow-up."""
    values = {"stage": "proposal", "value": 120000, **other}
    return RECORD.format(name=name, number=number, day=day, text=text, **values)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def assert_same(found: dict[str, bytes], built: dict[str, bytes]) -> None:
    assert found.keys() == built.keys()
    different = [path for path in built if found[path] != built[path]]
    assert not different


class Edits:
    """Random changes of a workspace; each returns the paths that a watcher would name."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root = root
        self.chance = chance
        self.count = 0

    def one(self) -> set[str]:
        return self.chance.choice(
            (
                self.change,
                self.change,
                self.reword,
                self.add,
                self.remove,
                self.rename,
                self.move_folder,
                self.damage,
                self.attach,
                self.detach,
                self.template,
                self.settings,
            )
        )()

    def records(self) -> list[Path]:
        return sorted((self.root / "records").rglob("*.md"))

    def relative(self, *files: Path) -> set[str]:
        return {file.relative_to(self.root).as_posix() for file in files}

    def text(self) -> str:
        self.count += 1
        alias = self.chance.choice(("", "aliases: [old-1, full]\n", "aliases: [old-2]\n"))
        text = record(
            name=self.chance.choice(("恒达", "Acme", "远景")),
            number=self.chance.randrange(3),
            day=self.chance.randrange(10, 31),
            text=self.chance.choice(WORDS),
            stage=self.chance.choice(("proposal", "won", "lost")),
            value=self.chance.choice((1000, 120000)),
        )
        return text.replace("level: A\n", f"level: A\n{alias}")

    def reword(self) -> set[str]:
        """Change what was said, and nothing else."""
        file = self.chance.choice(self.records())
        text = file.read_bytes()
        for words in WORDS:
            if words.encode() in text:
                other = self.chance.choice(WORDS)
                file.write_bytes(text.replace(words.encode(), other.encode()))
                break
        return self.relative(file)

    def change(self) -> set[str]:
        file = self.chance.choice(self.records())
        file.write_text(self.text(), "utf-8")
        return self.relative(file)

    def add(self) -> set[str]:
        file = self.root / "records" / self.chance.choice(("", "east")) / f"n{self.count}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(self.text(), "utf-8")
        return self.relative(file)

    def remove(self) -> set[str]:
        file = self.chance.choice(self.records())
        file.unlink()
        return self.relative(file)

    def rename(self) -> set[str]:
        file = self.chance.choice(self.records())
        self.count += 1
        target = file.with_name(f"moved{self.count}.md")
        file.rename(target)
        return self.relative(file, target)

    def move_folder(self) -> set[str]:
        here, there = self.root / "records" / "east", self.root / "records" / "west"
        if there.exists():
            here, there = there, here
        if not here.exists() or there.exists():
            return self.add()
        here.rename(there)
        return self.relative(here, there)

    def damage(self) -> set[str]:
        file = self.chance.choice(self.records())
        file.write_bytes(self.chance.choice((b"---\nname: [\n---\n", b"\xff\xfe", b"", b"no")))
        return self.relative(file)

    def attach(self) -> set[str]:
        file = self.root / "attachments" / "new.pdf"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(self.chance.randbytes(20))
        return self.relative(file)

    def detach(self) -> set[str]:
        file = self.root / "attachments" / "new.pdf"
        file.unlink(missing_ok=True)
        return self.relative(file)

    def template(self) -> set[str]:
        file = self.root / "site_templates" / self.chance.choice(("stage.html", "base.html"))
        file.parent.mkdir(exist_ok=True)
        if file.exists():
            file.unlink()
        else:
            names = "{% for row in site.rows %}{{ row.customer.name }}{% endfor %}"
            footer = self.chance.choice(("{{ site.rows|length }}", names))
            file.write_text(
                f'{{% extends "builtin/{file.name}" %}}'
                f"{{% block footer %}}{footer}{{% endblock %}}",
                "utf-8",
            )
        return self.relative(file)

    def settings(self) -> set[str]:
        file = self.root / "tracker.yaml"
        text = file.read_text("utf-8")
        added = self.chance.choice(
            (
                "edit_url: https://git.example/{path}#L{line}\n",
                "methods: [{id: call, label: 去电}]\n",
                "levels: [{id: A, label: 甲, max_idle_days: 1}]\n",
            )
        )
        file.write_text(text.replace(added, "") if added in text else text + added, "utf-8")
        return self.relative(file)
