import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo

    from vanishing_point import Figure

    return Figure, mo


@app.cell
def _(Figure, mo):
    figure = mo.ui.anywidget(Figure("gradient-norms", cell="gru", sequence_length=45))
    figure
    return (figure,)


@app.cell
def _(figure, mo):
    mo.md(f"The figure stands at `{figure.value['query']}`.")
    return


if __name__ == "__main__":
    app.run()
