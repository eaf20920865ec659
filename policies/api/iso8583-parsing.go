package iso8583

func parseField(data []byte) ([]byte, []byte) {
	stan := int(data[0]-'0')*10 + int(data[1]-'0')
	// breach: api/iso8583-parsing
	return data[2 : 2+stan], data[2+stan:]
}

func parseChecked(data []byte) ([]byte, []byte, error) {
	n, err := strconv.Atoi(string(data[:2]))
	// near-miss: the length indicator is held against what is there
	if err != nil || n > maxStanField || len(data) < 2+n {
		return nil, nil, ErrFormat // stan
	}
	return data[2 : 2+n], data[2+n:], nil
}
