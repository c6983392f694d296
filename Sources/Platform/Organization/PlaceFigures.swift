package import Kernel
package import Storage

/// A figure that is published of a place and is not counted here.
package struct PlaceFigure: Sendable, Equatable {
    /// Within the place, such as `registered_users`.
    package let id: String
    package let title: BilingualText
    package let value: Int64
    package let date: CivilDate
    /// Where it was published.
    package let source: String
}

/// Figures of places, as a file (ops/data/figures) and as the store keeps them.
package enum PlaceFigures {
    static let schema: String = """
        CREATE TABLE platform_place_figures (
            place_code TEXT NOT NULL REFERENCES platform_organizations (code),
            id TEXT NOT NULL,
            title_zh TEXT NOT NULL,
            title_en TEXT NOT NULL,
            value INTEGER NOT NULL CHECK (value >= 0),
            date TEXT NOT NULL,
            source TEXT NOT NULL,
            PRIMARY KEY (place_code, id)
        ) STRICT;
        """

    /// Reads a file, a line a figure, with the code of its place.
    ///
    /// - Throws: `DataFileError` with each wrong line.
    package static func read(tsv: String) throws(DataFileError) -> [(place: String, figure: PlaceFigure)] {
        let table: TabTable = try TabTable(
            tsv: tsv, required: ["place", "id", "zh", "en", "value", "date", "source"])
        var figures: [(place: String, figure: PlaceFigure)] = []
        var problems: [DataProblem] = []
        for row in table.rows {
            guard let value = Int64(row["value"]), value >= 0 else {
                problems.append(
                    DataProblem(
                        line: row.line, element: "value", zh: "“\(row["value"])”不是0以上的整数。",
                        en: "'\(row["value"])' is no whole number of 0 or more."))
                continue
            }
            guard let date = CivilDate(row["date"]) else {
                problems.append(
                    DataProblem(
                        line: row.line, element: "date", zh: "“\(row["date"])”不是日期，请写成2022-07-15。",
                        en: "'\(row["date"])' is no day. Write 2022-07-15."))
                continue
            }
            figures.append(
                (
                    row["place"],
                    PlaceFigure(
                        id: row["id"], title: BilingualText(zh: row["zh"], en: row["en"]), value: value,
                        date: date, source: row["source"])
                ))
        }
        guard problems.isEmpty else { throw DataFileError(problems: problems) }
        return figures
    }

    /// Keeps a figure; a newer one of the same id takes the place of an older one.
    ///
    /// - Returns: false if this one, or a newer one, is there already.
    @discardableResult
    package static func put(_ figure: PlaceFigure, of place: String, _ connection: any Connection) throws
        -> Bool
    {
        try connection.execute(
            """
            INSERT INTO platform_place_figures (place_code, id, title_zh, title_en, value, date, source)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (place_code, id) DO UPDATE SET title_zh = $3, title_en = $4, value = $5, date = $6, source = $7
            WHERE platform_place_figures.date < $6
            """,
            .text(place), .text(figure.id), .text(figure.title.zh), .text(figure.title.en),
            .integer(figure.value),
            .text(figure.date.description), .text(figure.source)) == 1
    }

    /// In order of id.
    package static func all(of place: String, _ connection: any Connection) throws -> [PlaceFigure] {
        try connection.query(
            """
            SELECT id, title_zh, title_en, value, date, source FROM platform_place_figures
            WHERE place_code = $1 ORDER BY id
            """, .text(place)
        ) { row in
            guard let date = CivilDate(row.text(4)) else {
                preconditionFailure("platform_place_figures.date is \(row.text(4))")
            }
            return PlaceFigure(
                id: row.text(0), title: BilingualText(zh: row.text(1), en: row.text(2)),
                value: row.integer(3),
                date: date, source: row.text(5))
        }
    }
}
