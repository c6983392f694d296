extension OrganizationRecord {
    /// The name of a department as people know it, with the place that it belongs to: 城区 and 区财政局 are 城区财政局.
    package func name(in division: OrganizationRecord) -> String {
        guard level == .department, !name.hasPrefix(division.name) else { return name }
        guard let last = division.name.last, name.first == last else { return division.name + name }
        return division.name + name.dropFirst()
    }
}
