"""Reads the release's reviews of ideas and proposals into one table and writes it as Parquet.

Usage: pandas_import.py <release folder> <table.parquet>
"""

import json
import sys
from pathlib import Path

import pandas as pd

release, target = Path(sys.argv[1]), Path(sys.argv[2])
rows = []
for folder in sorted((release / "agent_reviews").glob("idea_proposal_reviews_*")):
    judge = folder.name.removeprefix("idea_proposal_reviews_")
    for path in sorted(folder.glob("*/*/*.json")):
        stage = path.parent.name
        agent = path.stem.split("_", 1)[1]
        task = path.parent.parent.name
        artefact = release / "agent_results" / "ideas_and_proposals" / task / stage / f"{stage}_{agent}.md"
        characters = len(artefact.read_text(encoding="utf-8"))
        for dimension, mark in json.loads(path.read_text(encoding="utf-8")).items():
            name = "overall" if dimension == "OverallAssessment" else dimension.lower()
            rows.append((stage, judge, task, agent, name, mark["score"], mark.get("justification"), characters))
columns = ["stage", "judge", "task", "agent", "dimension", "score", "justification", "characters"]
table = pd.DataFrame(rows, columns=columns)
assert table["score"].between(1, 10).all()
table.to_parquet(target)
print(json.dumps({"reviews": len(table.groupby(["stage", "judge", "task", "agent"]))}))
