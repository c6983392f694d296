internal import CPaper
package import Kernel

/// A certificate on A4: title, lines, a sentence, the issuer with a round red seal over name and day, and at the bottom left
/// the QR code that says the same as the lines.
///
/// The same values give the same bytes, so that a PDF need not be kept: it is made again whenever somebody wants it.
package struct CertificateSheet: Sendable, Hashable {
    package struct Line: Sendable, Hashable {
        package let label: String
        package let value: String

        package init(label: String, value: String) {
            self.label = label
            self.value = value
        }
    }

    package let title: String
    package let number: String
    package let lines: [Line]
    /// What each certificate of the type says.
    package let statement: String
    package let issuer: String
    package let issueDate: CivilDate
    package let expireDate: CivilDate
    /// Text of the QR code.
    package let code: String
    /// Small print beside the code, a line each.
    package let notes: [String]
    /// Marks the seal with 演示, and the page: about somebody who does not exist.
    package let isDemonstration: Bool

    package init(
        title: String, number: String, lines: [Line], statement: String, issuer: String, issueDate: CivilDate,
        expireDate: CivilDate, code: String, notes: [String], isDemonstration: Bool
    ) {
        self.title = title
        self.number = number
        self.lines = lines
        self.statement = statement
        self.issuer = issuer
        self.issueDate = issueDate
        self.expireDate = expireDate
        self.code = code
        self.notes = notes
        self.isDemonstration = isDemonstration
    }

    /// The file.
    ///
    /// - Throws: `tooLongForQRCode`; `drawing` if cairo gives up.
    package func pdf() throws(PaperError) -> [UInt8] {
        let qr: QRCode = try QRCode(code)
        // A second pass knows how many pages there are.
        let pages: Int = try SheetPainter(self, qr, pages: 0).paint().pages
        return try SheetPainter(self, qr, pages: pages).paint().bytes
    }
}

/// Points, with the origin at the top left.
private enum Layout {
    static let width: Double = 595.276
    static let height: Double = 841.89
    static let margin: Double = 71
    static let contentWidth: Double = width - 2 * margin
    static let titleTop: Double = 108
    static let labelWidth: Double = 112
    static let rowPadding: Double = 9
    /// Where rows have to end: below are code and seal, or on pages before the last nothing but the page number.
    static let rowsEnd: Double = 742
    static let codeSide: Double = 134
    static let footTop: Double = 634
    static let sealRadius: Double = 56
    /// Height that issuer and day need above the foot.
    static let signatureHeight: Double = 130
}

/// Draws one sheet; owns the page that is being drawn.
private struct SheetPainter: ~Copyable {
    private let sheet: CertificateSheet
    private let qr: QRCode
    private let paper: OpaquePointer
    /// Pages in all; 0 while nobody knows.
    private let pages: Int
    private var page: Int = 1
    private var y: Double = 0

    init(_ sheet: CertificateSheet, _ qr: QRCode, pages: Int) throws(PaperError) {
        let created: String = "\(sheet.issueDate)T00:00:00+08:00"
        guard
            let paper = linli_paper_new(
                Layout.width, Layout.height, created, "\(sheet.title) \(sheet.number)", sheet.issuer)
        else { throw .drawing(reason: "no memory") }
        self.sheet = sheet
        self.qr = qr
        self.paper = paper
        self.pages = pages
    }

    deinit { linli_paper_free(paper) }

    consuming func paint() throws(PaperError) -> (bytes: [UInt8], pages: Int) {
        head()
        for line in sheet.lines { row(line) }
        statement()
        signature()
        foot()
        pageNumber()
        var count: Int = 0
        guard let bytes = linli_paper_finish(paper, &count) else {
            throw .drawing(reason: String(cString: linli_paper_error(paper)))
        }
        return (Array(UnsafeBufferPointer(start: bytes, count: count)), page)
    }

    private static func style(
        _ size: Double, serif: Bool = false, bold: Bool = false,
        align: linli_paper_align = LINLI_PAPER_LEFT, spacing: Double = 1.2, indent: Double = 0,
        grey: Double = 0
    ) -> linli_paper_style {
        linli_paper_style(
            face: serif ? LINLI_PAPER_SERIF : LINLI_PAPER_SANS, align: align, bold: bold ? 1 : 0, size: size,
            spacing: spacing, indent: indent, red: grey, green: grey, blue: grey)
    }

    @discardableResult
    private func text(_ text: String, x: Double, y: Double, width: Double, _ style: linli_paper_style)
        -> Double
    {
        withUnsafePointer(to: style) { linli_paper_text(paper, text, x, y, width, $0) }
    }

    private func measure(_ text: String, width: Double, _ style: linli_paper_style) -> Double {
        withUnsafePointer(to: style) { linli_paper_measure(paper, text, width, $0) }
    }

    private func rule(at y: Double, grey: Double, thickness: Double) {
        linli_paper_line(
            paper, Layout.margin, y, Layout.width - Layout.margin, y, thickness, grey, grey, grey)
    }

    private mutating func head() {
        let title: linli_paper_style = Self.style(
            sheet.title.count > 12 ? 24 : 29, serif: true, bold: true, align: LINLI_PAPER_CENTRE)
        y = Layout.titleTop
        y += text(spaced(sheet.title), x: Layout.margin, y: y, width: Layout.contentWidth, title) + 12
        y += text(
            "编号　\(sheet.number)", x: Layout.margin, y: y, width: Layout.contentWidth,
            Self.style(10.5, align: LINLI_PAPER_RIGHT, grey: 0.3))
        y += 6
        rule(at: y, grey: 0, thickness: 1.2)
    }

    /// Short titles breathe.
    private func spaced(_ title: String) -> String {
        title.count <= 8 ? title.map { String($0) }.joined(separator: "\u{2005}") : title
    }

    private mutating func row(_ line: CertificateSheet.Line) {
        let label: linli_paper_style = Self.style(12, grey: 0.35)
        let value: linli_paper_style = Self.style(13.5, serif: true)
        let valueWidth: Double = Layout.contentWidth - Layout.labelWidth
        let height: Double = max(
            measure(line.label, width: Layout.labelWidth - 10, label),
            measure(line.value, width: valueWidth, value))
        breakPage(for: height + 2 * Layout.rowPadding)
        text(
            line.label, x: Layout.margin, y: y + Layout.rowPadding + 1.6, width: Layout.labelWidth - 10, label
        )
        text(
            line.value, x: Layout.margin + Layout.labelWidth, y: y + Layout.rowPadding, width: valueWidth,
            value)
        y += height + 2 * Layout.rowPadding
        rule(at: y, grey: 0.75, thickness: 0.5)
    }

    private mutating func statement() {
        let style: linli_paper_style = Self.style(14, serif: true, spacing: 1.35, indent: 28)
        let height: Double = measure(sheet.statement, width: Layout.contentWidth, style)
        breakPage(for: height + 26)
        y += 22
        y += text(sheet.statement, x: Layout.margin, y: y, width: Layout.contentWidth, style)
        // Issuer, seal and code stand together, on a new page if this one is full.
        if y + 20 > Layout.footTop - Layout.signatureHeight { nextPage() }
    }

    private func signature() {
        let style: linli_paper_style = Self.style(14, serif: true, align: LINLI_PAPER_CENTRE)
        let width: Double = 252
        let left: Double = Layout.width - Layout.margin - width
        let issuerHeight: Double = measure(sheet.issuer, width: width, style)
        let bottom: Double = Layout.footTop - 50
        let dateTop: Double = bottom - 20
        text(sheet.issuer, x: left, y: dateTop - 8 - issuerHeight, width: width, style)
        text(Self.date(sheet.issueDate), x: left, y: dateTop, width: width, style)
        linli_paper_seal(
            paper, sheet.issuer, sheet.isDemonstration ? "演示" : "", left + width / 2,
            dateTop - 4, Layout.sealRadius)
    }

    private func foot() {
        rule(at: Layout.footTop, grey: 0.75, thickness: 0.5)
        let top: Double = Layout.footTop + 12
        let modules: [UInt8] = qr.modules.map { $0 ? 1 : 0 }
        // The quiet zone lies to the left of the margin, so that the code itself stands under the text.
        let side: Double = Layout.codeSide
        let quiet: Double = side / Double(qr.size + 2 * QRCode.quietModules) * Double(QRCode.quietModules)
        linli_paper_modules(
            paper, modules, Int32(qr.size), Int32(QRCode.quietModules), Layout.margin - quiet, top, side)
        let left: Double = Layout.margin + side + 6
        let width: Double = Layout.width - Layout.margin - left
        var noteY: Double = top + quiet
        let style: linli_paper_style = Self.style(9.5, spacing: 1.15, grey: 0.25)
        let until: String = "有效期至　\(Self.date(sheet.expireDate))"
        noteY += text(until, x: left, y: noteY, width: width, Self.style(11, serif: true, bold: true)) + 5
        for note in sheet.notes { noteY += text(note, x: left, y: noteY, width: width, style) + 3 }
        if sheet.isDemonstration {
            text(
                "演示数据：此人并不存在，本证明无效。", x: left, y: noteY + 2, width: width,
                linli_paper_style(
                    face: LINLI_PAPER_SANS, align: LINLI_PAPER_LEFT, bold: 0, size: 9.5, spacing: 1.15,
                    indent: 0, red: 0.8, green: 0.05, blue: 0.1))
        }
    }

    private func pageNumber() {
        guard pages > 1 else { return }
        text(
            "\(sheet.number)　第\(page)页，共\(pages)页", x: Layout.margin, y: Layout.height - 48,
            width: Layout.contentWidth, Self.style(9, align: LINLI_PAPER_CENTRE, grey: 0.4))
    }

    private mutating func breakPage(for height: Double) {
        if y + height > Layout.rowsEnd { nextPage() }
    }

    private mutating func nextPage() {
        pageNumber()
        linli_paper_next_page(paper)
        page += 1
        y = Layout.titleTop
        rule(at: y, grey: 0, thickness: 1.2)
    }

    private static func date(_ date: CivilDate) -> String { "\(date.year)年\(date.month)月\(date.day)日" }
}
