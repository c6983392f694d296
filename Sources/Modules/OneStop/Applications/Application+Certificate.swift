import Platform

/// Where applications and certificates meet: a granted item that leads to a certificate has it issued in the same
/// transaction, in the name of the department that granted it, be it when the counter has taken the fee.
struct CertificateIssuer: ResultIssuer {
    let book: CertificateBook

    func issue(
        type: String, holder: String, answers: [KeptAnswer], application: ApplicationRecord,
        _ unit: UnitOfWork
    ) throws -> String {
        // A form asks for more than the paper says; the type names what it needs.
        let wanted: Set<String> = Set(try book.catalogue().type(type)?.questions.map(\.id) ?? [])
        let values: [(String, String)] = answers.filter { wanted.contains($0.question) }.map {
            ($0.question, $0.value)
        }
        return try book.issue(
            type: type, holder: holder, answers: Dictionary(values, uniquingKeysWith: { first, _ in first }),
            application: application.name, department: application.department.code, unit)
    }
}
