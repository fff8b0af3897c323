"""The whole pipeline in one place, as pytask tasks.

::

    data/published/*.csv ─ observations ─► data/tidy/observations.csv, identities.csv
                         ─ mutation ─────► data/tidy/mutation.csv
    notebooks/0*.ipynb   ─ analysis ─────► build/<edition>/notebooks/0*.ipynb
                         ─ analysis_facts► build/<edition>/analysis_facts.json
    council_report.ipynb ─ document ─────► build/<edition>/notebooks/council_report.ipynb
                         ─ facts ────────► build/<edition>/pages/facts.json
                         ─ statements ───► build/<edition>/pages/statements.json
                         ─ projections ──► build/<edition>/pages/projections.json, which later editions read;
                                           of a corrected edition projections-corrected.json, the first kept
                         ─ sentences ────► build/<edition>/sentences.txt (a false one stops the build)
                         ─ page ─────────► build/<edition>/pages/<notebook>.html, notebooks/<notebook>.ipynb
                         ─ beside ───────► build/<edition>/pages/<name>.html for those of BESIDES
                         ─ pack ─────────► build/<edition>/pages/take-away.zip
                         ─ records ──────► build/<edition>/pages/manifest.json, ro-crate-metadata.json

Every task declares all it reads: data, parameters, notebook, template, the package files it uses and the
locked versions of the libraries. Content alone decides what runs. Nothing is published here: what becomes
of a complete edition is decided by :mod:`minato_analysis.tasks.published`.

``MINATO_EDITION`` names the edition to build; without it all editions are built.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pytask import Product, task

from minato_analysis import data
from minato_analysis.execution.apart import apart
from minato_analysis.execution.run import run
from minato_analysis.numbers import facts
from minato_analysis.project import earlier, editions, program, projections, yamls
from minato_analysis.project.files import write_all, write_text
from minato_analysis.project.publisher import FILE as PUBLISHER
from minato_analysis.published import manifest, records
from minato_analysis.published.repository import citation, conda_environment, data_readme
from minato_analysis.reporting.words import BESIDES
from minato_analysis.tasks import sources
from minato_analysis.tasks.closed_file import closed_or_not
from minato_analysis.tasks.many_files import ManyFiles, code, code_of_notebook

ROOT = data.root()
sources.keep(ROOT / ".pytask/imports.json")
LOCK = program.at(ROOT, "requirements.lock")
OBSERVATIONS = ROOT / data.OBSERVATIONS
CLOSED = data.closed_sources(data.descriptor(ROOT))
TIDY = [OBSERVATIONS, *([closed_or_not(ROOT / data.CLOSED)] if CLOSED else [])]
IDENTITIES = ROOT / "data/tidy/identities.csv"
MUTATION = ROOT / "data/tidy/mutation.csv"
DECLARED = [
    ROOT / data.DESCRIPTOR,
    *(
        ROOT / "data" / name
        for name in (
            "breaks.yaml",
            "categories.yaml",
            "definitions.yaml",
            "identities.yaml",
            "known_discrepancies.yaml",
            "plausibility.yaml",
        )
    ),
]
READ_BY_NOTEBOOKS = [
    *TIDY,
    ROOT / data.DESCRIPTOR,
    ROOT / "data/areas.csv",
    ROOT / "data/breaks.yaml",
    ROOT / "data/categories.yaml",
    ROOT / "data/definitions.yaml",
    *(ROOT / "data").glob("monitoring_plan.yaml"),  # an area may have none
]
SIGNED = sorted(ROOT.glob(PUBLISHER))
READ_BY_PAGES = [
    *SIGNED,
    OBSERVATIONS,
    ROOT / "data/breaks.yaml",
    ROOT / "data/definitions.yaml",
    ROOT / "data/statements.yaml",
    ROOT / data.DESCRIPTOR,
    ROOT / "data/areas.csv",
    IDENTITIES,
    program.at(ROOT, "notebooks/pages.yaml"),
]
PUBLISHED = [
    closed_or_not(ROOT / "data" / one["path"]) for one in data.published(data.descriptor(ROOT))
]
ANALYSES = program.notebooks(ROOT, "[0-9]*.ipynb")
DOCUMENTS = program.notebooks(ROOT, "[a-z]*.ipynb")
GENERATED = [OBSERVATIONS, IDENTITIES, MUTATION, ROOT / "data/README.md"]
USES = {one.stem: sources.of_notebook(one) for one in (*ANALYSES, *DOCUMENTS)}
TEMPLATES: Any = ManyFiles("templates", sources.templates(), sources.PACKAGE_FOLDER)
ENVIRONMENT = program.at(ROOT, "environment.yml")
_written = [
    *manifest.source_files(ROOT),
    *manifest.code_files(ROOT),
    *manifest.lock_files(ROOT),
]
WRITTEN: list[Any] = [
    ManyFiles("what people wrote", [one for one in _written if one != ENVIRONMENT], ROOT),
    ENVIRONMENT,
]
AUDIT = "audit_report"
EDITIONS = [name for name in editions.names(ROOT) if name == os.environ.get("MINATO_EDITION", name)]


@task
def task_observations(
    inputs: list[Path] = [
        *PUBLISHED,
        *DECLARED,
        code("tasks.tidy"),
    ],
    observations: Annotated[list[Path], Product] = TIDY,
    identities: Annotated[Path, Product] = IDENTITIES,
) -> None:
    """Read every published table, hold it against the others and its own past, write what was read."""
    write_all(apart(ROOT, "minato_analysis.tasks.tidy:texts", ROOT))
    if not CLOSED:
        (ROOT / data.CLOSED).unlink(missing_ok=True)


@task
def task_mutation(
    inputs: list[Path] = [*PUBLISHED, *DECLARED, code("claims.mutation")],
    coverage: Annotated[Path, Product] = MUTATION,
) -> None:
    """Count, for every printed number, which slips of transcription the checks would stop."""
    write_text(coverage, apart(ROOT, "minato_analysis.claims.mutation:text", ROOT))


@task
def task_data_readme(
    inputs: list[Path] = [
        ROOT / data.DESCRIPTOR,
        ROOT / "data/definitions.yaml",
        code("published.repository"),
    ],
    readme: Annotated[Path, Product] = ROOT / "data/README.md",
) -> None:
    """Describe the data folder for people, from the descriptor."""
    write_text(readme, data_readme(data.descriptor(ROOT), data.definitions(ROOT)))


if program.home(ROOT) == ROOT:  # what is installed is not changed from a project

    @task
    def task_conda_environment(
        locks: list[Path] = [LOCK, program.at(ROOT, "requirements-lab.lock")],
        source: list[Path] = code("published.repository"),
        environment: Annotated[Path, Product] = ENVIRONMENT,
    ) -> None:
        """Give conda users the same pins."""
        write_text(
            environment, conda_environment([lock.read_text(encoding="utf-8") for lock in locks])
        )


@task
def task_citation(
    project: Path = program.at(ROOT, "pyproject.toml"),
    publisher: Path = ROOT / PUBLISHER,
    source: list[Path] = code("published.repository"),
    cited: Annotated[Path, Product] = ROOT / "CITATION.cff",
) -> None:
    """Say how to cite the project."""
    about = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    write_text(cited, citation(about, yamls.parse(publisher.read_text(encoding="utf-8"))))


for _edition in EDITIONS:
    _build = ROOT / "build" / _edition
    _parameters = ROOT / "reports" / _edition / editions.FILE
    _analysis_facts = _build / "analysis_facts.json"
    _facts = _build / "pages/facts.json"
    _pages = [_build / "pages" / f"{one.stem}.html" for one in (*ANALYSES, *DOCUMENTS)]
    _kept = [
        _build / "pages" / manifest.EXECUTED / one.name
        for one in (*ANALYSES, *DOCUMENTS)
        if one.stem != AUDIT  # its table of all numbers is as large as all others together
    ]
    _besides_pages = [_build / "pages" / f"{one}.html" for one in BESIDES]
    _statements = _build / "pages/statements.json"
    _projections = [_build / "pages" / earlier.ARCHIVE]
    _registered: list[
        Path
    ] = []  # within a list that is never empty: pytask names empty ones by chance
    if earlier.corrected(ROOT, _edition):
        _projections = [_build / "pages" / name for name in earlier.ARCHIVES]
        _registered = [_parameters.with_name(earlier.ARCHIVE)]
    _sentences = _build / "sentences.txt"
    _pack = _build / "pages/take-away.zip"
    _products = [*_pages, *_kept, *_besides_pages, _pack, _facts, _statements, *_projections]
    _manifest = _build / "pages" / manifest.FILE
    _crate = _build / "pages" / manifest.CRATE
    _sources = _build / "sources.json"
    _executed = [_build / "notebooks" / one.name for one in (*ANALYSES, *DOCUMENTS)]
    _archives = [
        ROOT / "reports" / name / earlier.ARCHIVE for name in earlier.names(ROOT, _edition)
    ]
    _archives = [one for one in _archives if one.parent.name in EDITIONS or one.is_file()]
    _besides = sources.declared_inputs(ROOT, [MUTATION, IDENTITIES], _archives)

    for _notebook in (*ANALYSES, *DOCUMENTS):

        @task(id=f"{_edition}-{_notebook.stem}")
        def task_notebook(
            notebook: Path = _notebook,
            parameters: Path = _parameters,
            inputs: list[Path] = [
                *READ_BY_NOTEBOOKS,
                *_besides.get(_notebook.stem, []),
                *([_analysis_facts] if _notebook in DOCUMENTS else []),
                *(
                    [
                        _sources,
                        _parameters,
                        *SIGNED,
                        *PUBLISHED,
                        *(one for one in _executed if one.stem != AUDIT),
                    ]
                    if _notebook.stem == AUDIT
                    else []
                ),
            ],
            package: list[Path] = [
                LOCK,
                code_of_notebook(_notebook),
                code("execution.run", "execution.engine", "execution.guard"),
            ],
            executed: Annotated[Path, Product] = _build / "notebooks" / _notebook.name,
        ) -> None:
            """Run one notebook with the edition's parameters."""
            edition = editions.load(ROOT, parameters.parent.name)
            declared = [program.name_of(ROOT, one) for one in inputs]
            run(notebook, executed, edition.parameters(), root=ROOT, inputs=declared)

        @task(id=f"{_edition}-{_notebook.stem}")
        def task_page(
            executed: Path = _build / "notebooks" / _notebook.name,
            parameters: Path = _parameters,
            all_facts: Path = _facts if _notebook in DOCUMENTS else _analysis_facts,
            inputs: list[Path] = READ_BY_PAGES,
            package: list[Path] = [LOCK, TEMPLATES, code("reporting.pages")],
            made: Annotated[list[Path], Product] = [
                _build / "pages" / f"{_notebook.stem}.html",
                *(one for one in _kept if one.stem == _notebook.stem),
            ],
        ) -> None:
            """Render one executed notebook, checked, as one self-contained page, and keep it beside."""
            edition = editions.load(ROOT, parameters.parent.name)
            texts = apart(
                ROOT,
                "minato_analysis.reporting.pages:page_and_notebook",
                executed,
                edition,
                all_facts,
                ROOT,
            )
            write_all(dict(zip(made, texts, strict=False)))

    @task(id=_edition)
    def task_analysis_facts(
        executed: list[Path] = [_build / "notebooks" / one.name for one in ANALYSES],
        package: list[Path] = code("numbers.facts"),
        collected: Annotated[Path, Product] = _analysis_facts,
    ) -> None:
        """Collect the facts of the analyses, for the documents that quote them."""
        write_text(collected, facts.dumps(facts.merge(map(facts.read_notebook, executed))))

    @task(id=_edition)
    def task_facts(
        executed: list[Path] = [_build / "notebooks" / one.name for one in (*ANALYSES, *DOCUMENTS)],
        package: list[Path] = [
            code("numbers.facts", *(["tasks.withheld"] if CLOSED else [])),
            *([*TIDY, *DECLARED] if CLOSED else []),
        ],
        collected: Annotated[Path, Product] = _facts,
    ) -> None:
        """Collect all facts of the edition; stop where together they give away what is not shown."""
        text = facts.dumps(facts.merge(map(facts.read_notebook, executed)))
        if CLOSED:
            apart(ROOT, "minato_analysis.tasks.withheld:refuse", ROOT, text)
        write_text(collected, text)

    @task(id=_edition)
    def task_statements(
        parameters: Path = _parameters,
        inputs: list[Path] = [
            OBSERVATIONS,
            ROOT / data.DESCRIPTOR,
            *(
                ROOT / "data" / name
                for name in ("statements.yaml", "identities.yaml", "known_discrepancies.yaml")
            ),
        ],
        package: list[Path] = [LOCK, code("claims.evaluate")],
        judged: Annotated[Path, Product] = _statements,
    ) -> None:
        """Hold every checked statement against the tables."""
        as_of = editions.load(ROOT, parameters.parent.name).as_of
        write_text(judged, apart(ROOT, "minato_analysis.claims.evaluate:text", ROOT, as_of))

    @task(id=_edition)
    def task_projections(
        executed: list[Path] = [_build / "notebooks" / one.name for one in ANALYSES],
        package: list[Path] = [*_registered, code("project.projections")],
        kept: Annotated[list[Path], Product] = _projections,
    ) -> None:
        """Keep the projections for the editions that will know what came; those published first stay."""
        first = [one.read_text(encoding="utf-8") for one in package[:-1]]
        texts = [*first, projections.dumps(projections.collect(executed))]
        write_all(dict(zip(kept, texts, strict=True)))

    @task(id=_edition)
    def task_sentences(
        executed: list[Path] = _executed,
        parameters: Path = _parameters,
        all_facts: Path = _facts,
        inputs: list[Path] = [
            *READ_BY_PAGES,
            program.at(ROOT, "data/sentences.yaml"),
        ],
        package: list[Path] = [LOCK, code("tasks.sentences")],
        told: Annotated[Path, Product] = _sentences,
    ) -> None:
        """Stop where a sentence of ours is not true."""
        name = parameters.parent.name
        write_text(
            told,
            apart(ROOT, "minato_analysis.tasks.sentences:told", ROOT, name, all_facts, executed),
        )

    @task(id=_edition)
    def task_beside(
        parameters: Path = _parameters,
        all_facts: Path = _facts,
        inputs: list[Path] = [*READ_BY_PAGES, *PUBLISHED, *_archives],
        package: list[Path] = [LOCK, TEMPLATES, code("reporting.pages")],
        html: Annotated[list[Path], Product] = _besides_pages,
    ) -> None:
        """Render the pages that are no notebook: front page, printed tables, accessibility."""
        edition = editions.load(ROOT, parameters.parent.name)
        pages = apart(
            ROOT, "minato_analysis.reporting.pages:pages_beside", edition, all_facts, ROOT
        )
        write_all(dict(zip(html, pages, strict=True)))

    @task(id=_edition)
    def task_pack(
        parameters: Path = _parameters,
        pages: list[Path] = [*_pages, *_besides_pages, _facts],
        inputs: list[Path] = [*SIGNED, OBSERVATIONS, ROOT / data.DESCRIPTOR],
        package: list[Path] = [LOCK, code("audit.take_away")],
        pack: Annotated[Path, Product] = _pack,
    ) -> None:
        """Pack tables, figures and numbers of the pages, to take away."""
        edition, built = parameters.parent.name, pack.parent
        content = apart(ROOT, "minato_analysis.audit.take_away:content", ROOT, edition, built)
        write_all({pack: content})

    @task(id=_edition)
    def task_sources(
        parameters: Path = _parameters,
        inputs: list[Path] = [*WRITTEN, *_archives],
        told: Annotated[Path, Product] = _sources,
    ) -> None:
        """Say from which files the edition is made, for the page that tells auditors."""
        edition = editions.load(ROOT, parameters.parent.name).declared()
        write_text(told, records.sources(ROOT, edition))

    @task(id=_edition)
    def task_records(
        parameters: Path = _parameters,
        inputs: list[Path] = [*WRITTEN, *_archives, *GENERATED],
        products: list[Path] = _products,
        record: Annotated[Path, Product] = _manifest,
        crate: Annotated[Path, Product] = _crate,
    ) -> None:
        """Record every file the edition is made from and every file that was made."""
        edition = editions.load(ROOT, parameters.parent.name).declared()
        texts = records.make(ROOT, edition, uses=USES, generated=GENERATED, products=products)
        write_all(dict(zip((record, crate), texts, strict=True)))
