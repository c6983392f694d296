/// A page that stands for a paper that somebody hands in.
enum DemoDocument {
    /// A PDF of one page (ISO 32000-1) that says what it stands for and that it is made up.
    ///
    /// - Parameter title: ASCII without brackets and backslashes.
    static func pdf(_ title: String) -> [UInt8] {
        let page: String = """
            BT /F1 24 Tf 72 760 Td (\(title)) Tj
            /F1 14 Tf 0 -40 Td (Demonstration: this paper and whoever it names are made up.) Tj ET
            """
        let objects: [String] = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
                + "/Resources << /Font << /F1 5 0 R >> >> >>",
            "<< /Length \(page.utf8.count) >>\nstream\n\(page)\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        var text: String = "%PDF-1.4\n"
        var table: String = "0000000000 65535 f \n"
        for (index, object) in objects.enumerated() {
            let offset: String = String(text.utf8.count)
            table += String(repeating: "0", count: 10 - offset.utf8.count) + offset + " 00000 n \n"
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start: Int = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n\(table)"
        text += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return Array(text.utf8)
    }
}
