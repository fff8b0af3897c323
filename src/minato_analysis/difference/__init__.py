"""What changed from one published edition to another, and why.

In: two editions (facts, statements, manifest, parameters, observations). Out: one
:class:`~.result.Difference`, told on the terminal and as a page.

===================== =====================================================================
:mod:`.side`          one edition, read and refused where it is damaged
:mod:`.sources`       from a folder or a commit to the files an edition was made from
:mod:`.roles`         which fact of one edition is compared with which of the other
:mod:`.conclusions`   block 1: conclusions that changed
:mod:`.sentences`     block 1: sentences that no longer hold, verdicts of statements
:mod:`.revised`       block 2: revised past values
:mod:`.new_year`      block 3: the new year's values, and whether within one year's chance
:mod:`.one_year`      what one year can bring, given the last one
:mod:`.law`           block 4: definitions, law, categories, areas, stations
:mod:`.appearance`    block 5: files with the same numbers and other bytes
:mod:`.headlines`     the numbers whose change is attributed; the words for a probability
:mod:`.shapley`       a change split between groups of factors, exactly
:mod:`.factors`       in what two editions differ: data, code, environment, parameters
:mod:`.attribution`   the combinations of the factors, run and split
:mod:`.rerun`         one combination: a scratch copy, and the notebooks run in it
:mod:`.environment`   the environment of another edition, from its lock
:mod:`.compare`       all of it together
:mod:`.text`          the terminal's form
:mod:`.words`         what both forms share: numbers as shown, the summary, what to review
:mod:`.page`          the page's form; its parts: :mod:`.parts`, :mod:`.shown`, :mod:`.shown_parts`
:mod:`.command`       ``minato diff``
===================== =====================================================================
"""
