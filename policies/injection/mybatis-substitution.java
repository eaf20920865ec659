package com.bank.ledger;

import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;
import com.baomidou.mybatisplus.core.conditions.query.QueryWrapper;

public interface AcctMapper {
    // breach: injection/mybatis-substitution
    @Select("SELECT balance FROM acct WHERE acct_no = '${acctNo}'")
    BigDecimal balance(@Param("acctNo") String acctNo);

    // near-miss: a bound value
    @Select("SELECT balance FROM acct WHERE acct_no = #{acctNo}")
    BigDecimal balanceOf(@Param("acctNo") String acctNo);

    @Update({"UPDATE acct SET status = #{status}",
        // breach: injection/mybatis-substitution
        "WHERE branch = ${branch}"})
    int close(@Param("status") String status, @Param("branch") String branch);

    // near-miss: a setting of Spring, not of MyBatis
    @Value("${bank.ledger.schema}")
    String schema();

    default List<Acct> search(String status, int limit) {
        QueryWrapper<Acct> query = new QueryWrapper<>();
        // breach: injection/mybatis-substitution
        query.apply("status = '" + status + "'");
        // near-miss: the wrapper binds the value
        query.apply("status = {0}", status);
        // near-miss: a number carries no statement
        query.last("LIMIT " + limit);
        return selectList(query);
    }
}
