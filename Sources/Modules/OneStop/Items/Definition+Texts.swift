import Platform

/// What people read about definitions and revisions.
enum DefinitionTexts {
    static func itemUnknown(_ code: String, line: Int?) -> DataProblem {
        DataProblem(
            line: line, element: code, zh: "事项目录里没有编码“\(code)”。请核对编码，或先导入目录。",
            en: "No item of the catalogue has the code '\(code)'. Check it, or import the catalogue first.")
    }

    static func itemAmbiguous(_ code: String, line: Int?) -> DataProblem {
        DataProblem(
            line: line, element: code, zh: "几个目录里都有编码“\(code)”。请在文件开头写明catalogue。",
            en: "Several catalogues have the code '\(code)'. Name the catalogue at the head of the file.")
    }
}
