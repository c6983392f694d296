/// Names under which answers are known from the account; other names are the forms' own.
enum KnownKeys {
    static let name: String = "name"
    static let idNumber: String = "id_number"
    static let phone: String = "phone"
    static let home: String = "home"
}
