/// Names under which answers are known from account and household; other names are the forms' own.
enum KnownKeys {
    static let name: String = "name"
    static let idNumber: String = "id_number"
    static let phone: String = "phone"
    /// Kept from earlier applications: an account knows the community and not the house.
    static let home: String = "home"
    static let spouseName: String = "spouse_name"
    static let spouseIDNumber: String = "spouse_id_number"
}
