package com.bank.ledger

import org.apache.ibatis.annotations.Param
import org.apache.ibatis.annotations.Select
import com.baomidou.mybatisplus.core.conditions.query.QueryWrapper

interface AcctMapper {
    // breach: injection/mybatis-substitution
    @Select("SELECT balance FROM acct WHERE acct_no = '\${acctNo}'")
    fun balance(@Param("acctNo") acctNo: String): BigDecimal

    // near-miss: a bound value
    @Select("SELECT balance FROM acct WHERE acct_no = #{acctNo}")
    fun balanceOf(@Param("acctNo") acctNo: String): BigDecimal

    fun search(status: String): List<Acct> {
        val query = QueryWrapper<Acct>()
        // breach: injection/mybatis-substitution
        query.apply("status = '${status}'")
        // near-miss: the wrapper binds the value
        query.apply("status = {0}", status)
        return selectList(query)
    }
}
